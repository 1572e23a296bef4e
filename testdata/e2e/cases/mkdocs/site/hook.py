import datetime


def on_config(config):
    config["build_date_utc"] = datetime.datetime(2024, 1, 1)
    return config


def on_page_markdown(markdown, page, **rest):
    return markdown.replace("@VERSION@", page.file.src_path)
