vcl 4.1;
import std;
import directors;

backend one { .host = "127.0.0.1"; .port = "8001"; }
backend two { .host = "127.0.0.1"; .port = "8002"; }

sub vcl_init {
    new pool = directors.round_robin();
    pool.add_backend(one);
    pool.add_backend(two);
}
sub vcl_recv {
    set req.backend_hint = pool.backend();
    if (req.method == "PURGE") { return (purge); }
    if (req.url ~ "^/teapot") { return (synth(418, "Teapot")); }
    set req.http.X-Upper = std.toupper(req.url);
}
sub vcl_backend_response { set beresp.ttl = 1h; }
sub vcl_deliver {
    if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }
}
