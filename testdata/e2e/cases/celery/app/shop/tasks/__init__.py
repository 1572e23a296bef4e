import time

from celery import chain, chord, group, shared_task
from celery.exceptions import SoftTimeLimitExceeded


@shared_task
def add(x, y):
    return x + y


@shared_task
def total(numbers):
    return sum(numbers)


@shared_task
def tick():
    open('/data/tick', 'w').write('tick')


@shared_task(bind=True, max_retries=3)
def flaky(self, need):
    if self.request.retries < need:
        raise self.retry(countdown=0.1, exc=ValueError(f'tried {self.request.retries}'))
    return f'done after {self.request.retries}'


@shared_task(soft_time_limit=1)
def slow():
    try:
        time.sleep(20)
    except SoftTimeLimitExceeded:
        return 'too slow'


@shared_task
def fail():
    return {}['missing']


@shared_task
def render(name):
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader('/app/templates'), autoescape=True).get_template('mail.txt').render(name=name)


def flow(n):
    return chord(group(add.s(i, i) for i in range(n)), total.s())


def piped():
    return chain(add.s(1, 2), add.s(10), add.s(100))
