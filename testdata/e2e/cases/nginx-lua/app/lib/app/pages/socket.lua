return function()
    local http = require "socket.http"
    local url = require "socket.url"
    local sock = ngx.socket.tcp()
    local ok, err = sock:connect("127.0.0.1", 9)
    return url.parse("http://a.example:81/x").port .. " " .. tostring(err) .. " " .. type(http.request)
end
