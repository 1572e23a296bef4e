require_relative "boot"
require "rails/all"
Bundler.require(*Rails.groups)

module Library
  class Application < Rails::Application
    config.load_defaults 6.1
    config.time_zone = "Berlin"
    config.i18n.available_locales = [:en, :de]
    config.active_job.queue_adapter = :inline
    config.secret_key_base = ENV.fetch("SECRET_KEY_BASE") { "0" * 64 }
  end
end
