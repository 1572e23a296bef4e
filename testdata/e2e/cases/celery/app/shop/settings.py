from kombu import Queue

CELERY_TASK_SERIALIZER = 'json'
CELERY_ACCEPT_CONTENT = ['json', 'msgpack', 'yaml']
CELERY_TASK_QUEUES = [Queue('celery'), Queue('images')]
CELERY_TASK_ROUTES = {'shop.tasks.media.*': {'queue': 'images'}}
CELERY_BEAT_SCHEDULE = {'tick': {'task': 'shop.tasks.tick', 'schedule': 1.0}}
CELERY_TASK_COMPRESSION = 'gzip'
CELERY_TIMEZONE = 'Europe/Berlin'
