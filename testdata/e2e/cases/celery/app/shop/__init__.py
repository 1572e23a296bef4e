import os

from celery import Celery

celery = Celery('shop')
celery.config_from_object('shop.settings', namespace='CELERY')
celery.conf.broker_url = os.environ['CELERY_BROKER_URL']
celery.conf.result_backend = os.environ['CELERY_RESULT_BACKEND']
celery.autodiscover_tasks(['shop.tasks'], related_name=None)
celery.autodiscover_tasks(['shop.tasks'], related_name='media', force=True)
