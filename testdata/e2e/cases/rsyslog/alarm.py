#!/usr/bin/python3
import json
import sys

for line in sys.stdin:
    event = json.loads(line)
    with open("/work/alarms", "w") as out:
        out.write(f"ALARM {event['host']}: {event['msg'].strip()}\n")
