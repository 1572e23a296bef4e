VirtualHost "localhost"

Component "rooms.localhost" "muc"
    name = "Rooms"
    modules_enabled = { "muc_mam", "vcard_muc" }
    restrict_room_creation = "local"

Component "upload.localhost" "http_file_share"
    http_file_share_size_limit = 10000
    http_host = "localhost"

Component "news.localhost" "pubsub"

Component "echo.localhost"
    component_secret = "ping"
