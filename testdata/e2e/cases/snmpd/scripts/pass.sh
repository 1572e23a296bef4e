#!/bin/sh -f
PLACE=.1.3.6.1.4.1.99999.3
REQ=$2
STORE=/var/lib/shop/name
if [ "$1" = -s ]; then
    [ "$REQ" = $PLACE.1.0 ] || { echo not-writable; exit 0; }
    [ "$3" = string ] || { echo wrong-type; exit 0; }
    shift 3
    echo "$*" | tr -d '"' >$STORE
    exit 0
fi
if [ "$1" = -n ]; then
    case "$REQ" in
        $PLACE | $PLACE.0 | $PLACE.0.* | $PLACE.1) RET=$PLACE.1.0 ;;
        $PLACE.1* | $PLACE.2) RET=$PLACE.2.0 ;;
        $PLACE.2*) RET=$PLACE.3.0 ;;
        *) exit 0 ;;
    esac
else
    RET=$REQ
fi
case "$RET" in
    $PLACE.1.0) echo "$RET"; echo string; cat $STORE 2>/dev/null || echo unnamed ;;
    $PLACE.2.0) echo "$RET"; echo integer; expr 40 + 2 ;;
    $PLACE.3.0) echo "$RET"; echo ipaddress; echo 10.0.0.7 ;;
    *) exit 0 ;;
esac
