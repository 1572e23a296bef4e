CREATE EXTENSION pg_trgm;
CREATE EXTENSION pgcrypto;
CREATE TABLE book (id serial PRIMARY KEY, title text NOT NULL, body text, meta jsonb);
CREATE INDEX ON book USING gin (to_tsvector('english', body));
INSERT INTO book (title, body, meta) VALUES
  ('Ships', 'The ships were sailing away', '{"pages": 10}'),
  ('Cats', 'A cat sat on mats', '{"pages": 25}');
CREATE FUNCTION total() RETURNS int LANGUAGE plpgsql AS $$
DECLARE r record; n int := 0;
BEGIN FOR r IN SELECT meta FROM book LOOP n := n + (r.meta->>'pages')::int; END LOOP; RETURN n; END $$;
