CREATE TABLE place (id serial PRIMARY KEY, name text, geom geometry(Point, 4326));
CREATE INDEX ON place USING gist (geom);
INSERT INTO place (name, geom) VALUES
  ('Berlin', ST_SetSRID(ST_MakePoint(13.405, 52.52), 4326)),
  ('Paris', ST_SetSRID(ST_MakePoint(2.3522, 48.8566), 4326)),
  ('Oslo', ST_SetSRID(ST_MakePoint(10.7522, 59.9139), 4326));
