local fail = require "report.fail"
local M = {}

function M.define(command)
  command:summary("Count the elements of an XML file."):argument("file")
end

function M.run(args)
  local counts, depth, deepest = {}, 0, 0
  local parser = require("lxp").new {
    StartElement = function(_, name) counts[name] = (counts[name] or 0) + 1; depth = depth + 1; deepest = math.max(deepest, depth) end,
    EndElement = function() depth = depth - 1 end,
  }
  for line in io.lines(args.file) do
    local ok, message, row = parser:parse(line .. "\n")
    if not ok then fail(65, "line %d: %s", row, message) end
  end
  local ok, message = parser:parse()
  if not ok then fail(65, "%s", message) end
  counts.depth = deepest
  return counts
end

return M
