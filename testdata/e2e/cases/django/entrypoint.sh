#!/bin/sh
set -e
python3 manage.py migrate --noinput -v 0
python3 manage.py shell -c "from django.contrib.auth.models import User; User.objects.filter(username='ann').exists() or User.objects.create_superuser('ann', 'a@b.example', 'secret')"
exec "$@"
