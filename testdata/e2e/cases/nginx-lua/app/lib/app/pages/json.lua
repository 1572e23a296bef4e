local json = require "cjson"
return function() return json.encode({ 1, 2, json.decode('{"a": "é"}').a }) end
