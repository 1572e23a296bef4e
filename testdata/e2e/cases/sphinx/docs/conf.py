import os
import sys

sys.path.insert(0, os.path.abspath("."))
project = "Shop"
author = "Ann"
copyright = "2024, Ann"
release = "1.2"
today = "a day"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.todo", "sphinx.ext.mathjax", "sphinx.ext.viewcode", "sphinx.ext.doctest",
              "sphinx.ext.extlinks", "sphinx.ext.graphviz", "sphinx.ext.inheritance_diagram", "sphinx.ext.autosummary", "sphinx.ext.ifconfig",
              "sphinx.ext.coverage", "myst_parser", "sphinx_copybutton", "sphinx_inline_tabs"]
autosummary_generate = True
todo_include_todos = True
myst_enable_extensions = ["deflist", "dollarmath", "tasklist"]
extlinks = {"issue": ("https://example.org/%s", "issue %s")}
templates_path = []
html_theme = os.environ.get("THEME", "alabaster")
html_static_path = ["_static"]
html_last_updated_fmt = None
html_show_sphinx = False
html_copy_source = True
locale_dirs = ["locale"]
graphviz_output_format = "svg"
latex_documents = [("index", "shop.tex", "Shop", "Ann", "manual")]
man_pages = [("index", "shop", "sells tea", ["Ann"], 1)]
texinfo_documents = [("index", "shop", "Shop", "Ann", "Shop", "Sells tea.", "Misc")]
epub_show_urls = "no"
nitpicky = bool(os.environ.get("NITPICKY"))
