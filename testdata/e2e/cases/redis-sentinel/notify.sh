#!/bin/sh
# Sentinel gives the kind of an event and what happened.
case $1 in
    +odown) printf '%s %s %s\n' "$(basename "$0")" "$1" "$(echo "$2" | awk '{ print $1, $2 }')" >>/data/alerts ;;
esac
