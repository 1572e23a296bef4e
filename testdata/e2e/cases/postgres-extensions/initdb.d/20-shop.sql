CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL, item text, note jsonb) PARTITION BY RANGE (at);
SELECT partman.create_parent('public.orders', 'at', 'native', 'monthly', p_start_partition => '2024-01-01', p_premake => 2);
CREATE TABLE visits (addr iprange, body text);
INSERT INTO visits VALUES ('10.0.0.0/8', 'from the cellar'), ('192.168.1.7', 'from the kitchen'), ('2001:db8::/32', 'from far away');
CREATE INDEX visits_addr ON visits USING gist (addr);
CREATE INDEX visits_body ON visits USING rum (to_tsvector('english', body) rum_tsvector_ops);
CREATE FUNCTION price(item text) RETURNS numeric LANGUAGE plpython3u AS $$
import decimal, json
prices = SD.setdefault("prices", json.loads('{"tea": "3.50", "cup": "12"}'))
if item not in prices:
    plpy.error("no such item", detail=item, hint="ask the keeper", sqlstate="P0404")
return decimal.Decimal(prices[item])
$$;
CREATE FUNCTION tags(h hstore) RETURNS text TRANSFORM FOR TYPE hstore LANGUAGE plpython3u AS $$
return ",".join(sorted(f"{k}={v}" for k, v in h.items()))
$$;
CREATE FUNCTION words(t text) RETURNS SETOF text LANGUAGE plperl AS $$
return_next($_) for sort map { lc } $_[0] =~ /(\w+)/g; return undef;
$$;
CREATE FUNCTION deep(j jsonb) RETURNS jsonb TRANSFORM FOR TYPE jsonb LANGUAGE plperl AS $$
my ($j) = @_; $j->{n} = scalar @{$j->{list}}; return $j;
$$;
CREATE FUNCTION joined(a text, b text) RETURNS text LANGUAGE pltcl AS $$ return [string toupper "$1-[lindex [split $2 ,] end]"] $$;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpython3u AS $$
if TD["event"] == "INSERT":
    TD["new"]["note"] = '{"by": "trigger"}'
    return "MODIFY"
$$;
CREATE TRIGGER stamp BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
