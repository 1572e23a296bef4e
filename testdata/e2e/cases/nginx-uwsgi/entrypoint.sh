#!/usr/bin/env sh
set -e
content="server {
    listen ${LISTEN_PORT};
    client_max_body_size ${NGINX_MAX_UPLOAD};
    location / { try_files \$uri @app; }
    location @app { include uwsgi_params; uwsgi_pass unix:///tmp/uwsgi.sock; }
    location /static { alias /app/static; gzip on; gzip_types text/css; gzip_min_length 10; }
}"
printf '%s\n' "$content" >/etc/nginx/conf.d/app.conf
if [ -f /app/prestart.sh ]; then
    echo "Running script /app/prestart.sh"
    . /app/prestart.sh
else
    echo "There is no script /app/prestart.sh"
fi
exec "$@"
