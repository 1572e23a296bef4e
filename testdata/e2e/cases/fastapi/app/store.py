from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool

engine = create_engine('sqlite://', connect_args={'check_same_thread': False}, poolclass=StaticPool)


def create():
    with engine.begin() as c:
        c.execute(text('create table item (name text)'))


def add(item):
    with engine.begin() as c:
        c.execute(text('insert into item values (:n)'), {'n': item.name})


def names():
    with engine.connect() as c:
        return [row[0] for row in c.execute(text('select name from item order by 1'))]
