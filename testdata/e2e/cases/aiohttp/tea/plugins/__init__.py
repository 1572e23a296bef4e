import importlib


def load(names):
    return {name: importlib.import_module(f'{__name__}.{name}') for name in names}
