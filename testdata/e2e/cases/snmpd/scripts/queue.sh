#!/bin/bash
# What waits in the queue, and three times that.
set -e
read -r n </var/lib/shop/queue
gawk -v n="$n" 'BEGIN { printf "%d %.1f\n", n * 3, n / 2 }'
[[ $n -lt 5 ]] && echo calm || echo busy
