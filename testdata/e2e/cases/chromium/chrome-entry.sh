#!/bin/sh
# Flags that every container needs; "serve" opens the DevTools port instead of a page.
set -e
flags="--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --no-first-run --disable-background-networking --user-data-dir=/tmp/profile"
if [ "${1:-serve}" = serve ]; then
    exec chromium $flags --remote-debugging-address=0.0.0.0 --remote-debugging-port=9222 about:blank
fi
exec chromium $flags "$@"
