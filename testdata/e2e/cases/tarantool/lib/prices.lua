local decimal = require('decimal')
local M = { tea = decimal.new('3.50'), cup = decimal.new('12') }
function M.of(item, n)
    local price = M[item] or error('no such item: ' .. tostring(item))
    return tostring(price * (n or 1))
end
return M
