local json = require "cjson.safe"
local M = {}

function M.guard()
    if ngx.var.arg_key ~= "secret" then ngx.exit(ngx.HTTP_FORBIDDEN) end
end

function M.handle()
    local name = ngx.var.uri:match("^/([a-z]+)$")
    local ok, page = pcall(require, "app.pages." .. (name or "home"))
    if not ok then
        ngx.status = 404
        return ngx.say(json.encode({ error = "no page" }))
    end
    ngx.say(page())
end

return M
