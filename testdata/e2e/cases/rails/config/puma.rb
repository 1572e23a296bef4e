threads 2, 2
port ENV.fetch("PORT", 3000)
environment ENV.fetch("RAILS_ENV")
workers Integer(ENV.fetch("WEB_CONCURRENCY", 0))
