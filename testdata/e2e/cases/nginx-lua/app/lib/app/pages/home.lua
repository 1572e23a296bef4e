return function() return "visit " .. ngx.shared.counters:incr("n", 1, 0) end
