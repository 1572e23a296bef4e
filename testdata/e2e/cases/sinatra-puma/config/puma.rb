bind 'tcp://0.0.0.0:9292'
threads 1, 2
workers 0
