#!/bin/sh
set -eu
: "${REDIS_PASSWORD:?set REDIS_PASSWORD}"
role=${1:-master}
case $role in
    master | replica)
        envsubst </templates/redis.conf >/etc/redis/redis.conf
        if [ "$role" = replica ]; then
            until redis-cli -h "$REDIS_MASTER_HOST" -p "$REDIS_MASTER_PORT" -a "$REDIS_PASSWORD" --no-auth-warning ping 2>/dev/null | grep -q PONG; do
                echo "waiting for the master"
                sleep 1
            done
            echo "replicaof $REDIS_MASTER_HOST $REDIS_MASTER_PORT" >>/etc/redis/redis.conf
        fi
        chown redis:redis /etc/redis/redis.conf
        exec gosu redis redis-server /etc/redis/redis.conf ;;
    sentinel)
        envsubst </templates/sentinel.conf >/etc/redis/sentinel.conf
        chown redis:redis /etc/redis/sentinel.conf
        exec gosu redis redis-sentinel /etc/redis/sentinel.conf ;;
    cli)
        shift
        exec redis-cli -h "$REDIS_MASTER_HOST" -p "$REDIS_MASTER_PORT" -a "$REDIS_PASSWORD" --no-auth-warning "$@" ;;
    *)
        echo "unknown role: $role" >&2
        exit 64 ;;
esac
