#!/bin/bash
# Whichever of the two listens here.
if [[ $(redis-cli -p "$SENTINEL_PORT" ping 2>/dev/null) == PONG ]]; then exit 0; fi
timeout 3 redis-cli -p "$REDIS_PORT" -a "$REDIS_PASSWORD" --no-auth-warning ping | grep -q PONG
