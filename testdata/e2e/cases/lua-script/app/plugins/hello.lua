return "hello " .. ... .. " from " .. _VERSION
