vcl 4.1;
# Ours is the origin, asked once for each coding.
backend default { .host = "127.0.0.1"; .port = "@ORIGIN@"; }
sub vcl_backend_response { set beresp.ttl = 1h; }
