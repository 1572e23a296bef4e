-- Reads CSV by a grammar, and sums what is a number.
local lpeg = require "lpeg"
local fail = require "report.fail"
local M = {}

local field = '"' * lpeg.Cs(((lpeg.P(1) - '"') + lpeg.P '""' / '"') ^ 0) * '"' + lpeg.C((1 - lpeg.S ',\n"') ^ 0)
local record = lpeg.Ct(field * ("," * field) ^ 0) * (lpeg.P "\n" + -1)

function M.define(command)
  command:summary("Sum the columns of a CSV file."):argument("file")
end

function M.run(args)
  local file, why = io.open(args.file)
  if not file then fail(66, "%s", why) end
  local head, sums, rows = nil, {}, 0
  for line in file:lines() do
    local values = record:match(line) or fail(65, "line %d cannot be read", rows + 1)
    if not head then
      head = values
    else
      rows = rows + 1
      for i, v in ipairs(values) do
        local n = tonumber(v)
        if n then sums[head[i]] = (sums[head[i]] or 0) + n else sums[head[i] .. "#"] = utf8.len(v) end
      end
    end
  end
  sums.rows = rows
  return sums
end

return M
