local lpeg = require "lpeg"
return function()
    local list = lpeg.Ct(lpeg.C(lpeg.R("az") ^ 1) * ("," * lpeg.C(lpeg.R("az") ^ 1)) ^ 0)
    return #list:match("ab,c,def") .. " " .. ngx.encode_base64(ngx.sha1_bin("x")) .. " " .. tostring(ngx.re.match("a1", "[0-9]+")[0])
end
