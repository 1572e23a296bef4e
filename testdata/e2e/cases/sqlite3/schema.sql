CREATE TABLE book (title TEXT PRIMARY KEY, year INT);
INSERT INTO book VALUES ('Emma', 1815), ('Dracula', 1897), ('Ulysses', 1922);
CREATE VIRTUAL TABLE note USING fts5(body, tokenize = porter);
INSERT INTO note VALUES ('running home'), ('the runner ran'), ('nothing');
