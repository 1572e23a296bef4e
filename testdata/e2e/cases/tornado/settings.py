greeting = "Hello"
limit = 20
