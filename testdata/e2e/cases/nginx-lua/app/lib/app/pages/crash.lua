return function() error("on purpose") end
