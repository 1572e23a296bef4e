import sqlite3


class Store:
    def __init__(self, path):
        self.db = sqlite3.connect(path)
        self.db.row_factory = sqlite3.Row
        self.db.execute("create table if not exists message (id integer primary key, who text, text text)")

    def all(self):
        return [dict(r) for r in self.db.execute("select * from message order by id")]

    def one(self, which):
        row = self.db.execute("select * from message where id = ?", (which,)).fetchone()
        return dict(row) if row else None

    def add(self, who, text):
        with self.db:
            return self.one(self.db.execute("insert into message (who, text) values (?, ?)", (who, text)).lastrowid)
