-- What the system says: users, files, a child process, a plugin that lies in a folder.
local posix = require "posix"
local M = {}

function M.define(command)
  command:summary("Look at the system."):argument("what"):choices { "user", "tree", "child", "hash", "date", "http", "plugin" }
  command:argument("more"):args("?")
end

local what = {
  user = function(more) local u = posix.getpwnam(more or "root"); return u and { uid = u.pw_uid, home = u.pw_dir, shell = u.pw_shell } or "nobody of that name" end,
  tree = function(more)
    local out = {}
    for path in require("pl.dir").dirtree(more or "/work") do out[#out + 1] = path end
    table.sort(out)
    return out
  end,
  child = function()
    local pipe = io.popen("sort -r <<X\n1\n3\n2\nX")
    local text = pipe:read("a")
    local ok, how, code = pipe:close()
    local pid = posix.fork()
    if pid == 0 then posix._exit(7) end
    local _, why, status = posix.wait(pid)
    return { text = text:gsub("\n", " "), close = tostring(ok) .. how .. code, child = why .. status }
  end,
  hash = function(more)
    local digest = require("openssl.digest").new("sha256"):final(more or "tea")
    local mac = require("openssl.hmac").new("key", "sha1"):final("tea")
    local hex = function(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
    return { sha256 = hex(digest), hmac = hex(mac) }
  end,
  date = function()
    local Date = require "pl.Date"
    return { os = os.date("!%A %d %B %Y", 1700000000), pl = Date.Format("yyyy-mm-dd"):tostring(Date(2024, 5, 1)) }
  end,
  http = function(more)
    local body, code = require("socket.http").request(more or "http://127.0.0.1:9/")
    return { body = body and #body, code = tostring(code), url = require("socket.url").parse("http://a.example:80/x?y#z").path, base64 = require("mime").b64("tea") }
  end,
  plugin = function(more)
    local chunk, why = loadfile("/opt/report/plugins/" .. (more or "hello") .. ".lua")
    if not chunk then error({ code = 66, message = why }, 0) end
    return chunk("Ann")
  end,
}

function M.run(args)
  return what[args.what](args.more)
end

return M
