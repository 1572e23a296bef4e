#!/bin/sh
set -e
if [ "$1" = jetty.sh ] || [ "${1#-}" != "$1" ]; then set -- java -jar "$JETTY_HOME/start.jar" "$@"; fi
if [ "$1" = java ]; then
    shift
    # shellcheck disable=SC2086
    set -- java $JAVA_OPTIONS "-Djava.io.tmpdir=$TMPDIR" "-Djetty.home=$JETTY_HOME" "-Djetty.base=$JETTY_BASE" "$@"
fi
exec "$@"
