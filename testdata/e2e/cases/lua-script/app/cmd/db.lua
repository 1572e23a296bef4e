local fail = require "report.fail"
local M = {}

function M.define(command)
  command:summary("Ask an SQLite database."):argument("query"):args("*")
  command:option("--file"):default(":memory:")
end

function M.run(args)
  local environment = require("luasql.sqlite3").sqlite3()
  local connection, why = environment:connect(args.file)
  if not connection then fail(69, "%s", why) end
  local out = {}
  for _, query in ipairs(args.query) do
    local cursor, problem = connection:execute(query)
    if not cursor then fail(65, "%s", problem) end
    if type(cursor) == "number" then
      out[#out + 1] = "changed " .. cursor
    else
      local row = cursor:fetch({}, "n")
      while row do
        out[#out + 1] = table.concat(row, "|")
        row = cursor:fetch(row, "n")
      end
      cursor:close()
    end
  end
  connection:close()
  environment:close()
  return out
end

return M
