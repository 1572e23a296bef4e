import sys
import urllib.request

sys.exit(urllib.request.urlopen("http://localhost:8888/health", timeout=4).read() != b"ok")
