local stringx = require "pl.stringx"
local tablex = require "pl.tablex"

local M = {}

function M.text(value, indent)
  indent = indent or 0
  if type(value) ~= "table" then return print((" "):rep(indent) .. tostring(value)) end
  for _, key in ipairs(tablex.keys(value)) do if type(key) ~= "number" then goto named end end
  for _, item in ipairs(value) do M.text(item, indent) end
  do return end
  ::named::
  for key, item in tablex.sort(value) do
    if type(item) == "table" then
      print((" "):rep(indent) .. key .. ":")
      M.text(item, indent + 2)
    else
      print((" "):rep(indent) .. stringx.ljust(key .. ":", 10) .. tostring(item))
    end
  end
end

function M.json(value)
  local cjson = require "cjson".new()
  cjson.encode_sparse_array(true)
  if type(value) ~= "table" then return print(cjson.encode(value)) end
  local keys = {}
  for key in pairs(value) do keys[#keys + 1] = tostring(key) end
  table.sort(keys)
  if #value > 0 then return print(cjson.encode(#value) .. " rows " .. cjson.encode(value[1] ~= nil)) end
  for _, key in ipairs(keys) do print(cjson.encode(key) .. ": " .. (type(value[key]) == "table" and cjson.encode(#value[key]) or cjson.encode(value[key]))) end
end

return M
