local M = {}

function M.define(command)
  command:summary("Fill a template in."):argument("file")
  command:option("-D --define"):count("*"):argname("NAME=VALUE")
end

function M.run(args)
  local values = { ipairs = ipairs, items = { "tea", "jam" } }
  for _, pair in ipairs(args.define) do
    local name, value = pair:match("^(%w+)=(.*)$")
    if not name then error({ code = 64, message = "not NAME=VALUE: " .. pair }, 0) end
    values[name] = value
  end
  local text = assert(require("pl.utils").readfile(args.file))
  local out, why = require("pl.template").substitute(text, values)
  return out or error({ code = 65, message = why:gsub("^.-:", "") }, 0)
end

return M
