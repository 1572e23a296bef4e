return function(code, message, ...) error({ code = code, message = message:format(...) }, 0) end
