import argparse
import logging
import os
import sys

import yaml
from aiohttp import web

from . import __version__
from .app import make_app

parser = argparse.ArgumentParser(prog='tea')
parser.add_argument('--port', type=int, default=8080)
parser.add_argument('--version', action='version', version=__version__)
parser.add_argument('--uvloop', action='store_true')
options = parser.parse_args()
if options.uvloop:
    import uvloop
    uvloop.install()
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format='%(levelname)s %(name)s %(message)s')
try:
    with open(os.environ['TEA_CONFIG']) as f:
        config = yaml.safe_load(f)
except (OSError, yaml.YAMLError) as e:
    sys.exit(f'tea: {e}')
web.run_app(make_app(config), port=options.port, access_log_format='%r %s', print=None)
