admins = { "ann@localhost" }
plugin_paths = { "/usr/lib/prosody/modules" }
modules_enabled = {
    "disco"; "roster"; "saslauth"; "tls"; "blocklist"; "bookmarks"; "carbons"; "dialback"; "limits"; "pep"; "private"; "smacks";
    "vcard4"; "vcard_legacy"; "csi_simple"; "ping"; "register"; "time"; "uptime"; "version"; "mam"; "admin_adhoc"; "admin_shell";
    "bosh"; "websocket"; "http_files"; "http_openmetrics"; "posix"; "announce"; "groups"; "motd"; "welcome"; "offline";
    "server_contact_info"; "watchregistrations"; "user_account_management"; "lastactivity"; "mimicking";
}
pidfile = "/run/prosody/prosody.pid"
network_backend = os.getenv("BACKEND") or "epoll"
authentication = os.getenv("AUTHENTICATION") or "internal_hashed"
storage = { archive = "sql"; vcard = "sql" }
default_storage = "internal"
sql = { driver = "SQLite3", database = "prosody.sqlite" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
s2s_secure_auth = false
allow_registration = true
limits = { c2s = { rate = "100kb/s" } }
motd_text = "Tea at five"
welcome_message = "Hello $username, welcome to $host"
contact_info = { admin = { "mailto:admin@example.org" } }
groups_file = "/etc/prosody/conf.d/groups.txt"
http_files_dir = "/srv/www"
http_ports = { 5280 }
https_ports = {}
http_interfaces = { "127.0.0.1" }
http_paths = { files = "/" }
consider_bosh_secure = true
openmetrics_allow_ips = { "127.0.0.1" }
statistics = "internal"
statistics_interval = "manual"
log = { { levels = { min = os.getenv("LOG_LEVEL") or "info" }, to = "console" } }
certificates = "certs"
Include "conf.d/*.cfg.lua"
