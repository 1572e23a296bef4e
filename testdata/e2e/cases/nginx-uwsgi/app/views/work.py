import os
import pathlib
import time

import uwsgi
from flask import Blueprint, request
from uwsgidecorators import spool

page = Blueprint("work", __name__)
DONE = pathlib.Path("/tmp/done")


@spool
def later(arguments):
    with DONE.open("a") as out:
        out.write(arguments["word"].upper() + "\n")
    return uwsgi.SPOOL_OK


@page.route("/later", methods=["POST"])
def put():
    later.spool(word=request.form["word"])
    return "queued\n", 202


@page.route("/done")
def done():
    for _ in range(50):
        if DONE.exists():
            return DONE.read_text()
        time.sleep(0.1)
    return "nothing\n", 504


@page.route("/cache/<key>", methods=["GET", "PUT"])
def cache(key):
    if request.method == "PUT":
        uwsgi.cache_set(key, request.get_data(), 60, "pages")
        return "", 204
    return uwsgi.cache_get(key, "pages") or ("missing\n", 404)


@page.route("/about")
def about():
    return {"greeting": os.environ["GREETING"], "mode": uwsgi.mode if hasattr(uwsgi, "mode") else "", "mules": len(uwsgi.opt.get("mule", [])) and 1,
            "version": uwsgi.version.decode(), "workers": uwsgi.numproc}


@page.route("/crash")
def crash():
    return 1 // 0
