#!/bin/sh
# Reads messages until the router closes its end.
while read -r line; do
    printf '%s\n' "$line" | tr '[:lower:]' '[:upper:]' | sed 's/^/alarm: /' >>/var/log/app/alarm.log
done
