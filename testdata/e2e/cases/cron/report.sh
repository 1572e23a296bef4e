#!/bin/sh
# Counts with sqlite, formats with awk.
sqlite3 :memory: "create table t(x); insert into t values (1),(2),(3); select sum(x), count(*) from t" |
    awk -F'|' '{ printf "sum %d of %d\n", $1, $2 }'
find /etc/cron.d -name 'jobs' | sort | xargs wc -l
