#!/usr/bin/env lua5.3
-- report COMMAND [ARGUMENT]...: every command is a module, found by its name.
local argparse = require "argparse"
local lfs = require "lfs"

local names = {}
for file in lfs.dir("/opt/report/cmd") do
  local name = file:match("^(%w+)%.lua$")
  if name then names[#names + 1] = name end
end
table.sort(names)

local parser = argparse("report", "Reports of all kinds."):command_target("command")
parser:option("-f --format", "How it is printed."):default(os.getenv("REPORT_FORMAT")):choices { "text", "json" }
parser:flag("-v --verbose"):count("*")
parser:command("help"):summary("Tell what there is.")
local commands = {}
for _, name in ipairs(names) do
  commands[name] = require("cmd." .. name)
  commands[name].define(parser:command(name))
end

local args = parser:parse()
if args.command == "help" then
  print("commands: " .. table.concat(names, " "))
  os.exit(0)
end
local ok, result = xpcall(commands[args.command].run, function(e)
  return type(e) == "table" and e or { code = 70, message = args.verbose > 0 and debug.traceback(e) or tostring(e) }
end, args)
if not ok then
  io.stderr:write("report: ", result.message, "\n")
  os.exit(result.code)
end
require("report.print")[args.format](result)
