import os
def f(x):
    return [os.path.join(x, "größe") for x in x]
