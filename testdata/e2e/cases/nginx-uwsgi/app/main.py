import importlib
import pkgutil

import yaml
from flask import Flask, render_template

import views

app = Flask(__name__)
with open("/app/settings.yaml") as settings:
    app.config["NOTES"] = yaml.safe_load(settings)
for module in pkgutil.iter_modules(views.__path__):
    app.register_blueprint(importlib.import_module(f"views.{module.name}").page, url_prefix=f"/{module.name}")


@app.route("/")
def home():
    return render_template("home.html", pages=sorted(app.blueprints))


@app.errorhandler(404)
def missing(error):
    return render_template("missing.html", error=error), 404
