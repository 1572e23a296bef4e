ngx.say("from a file: ", table.concat({ "a", "b" }, ","))
