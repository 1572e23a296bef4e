Rails.application.configure do
  config.cache_classes = true
  config.eager_load = true
  config.consider_all_requests_local = false
  config.public_file_server.enabled = true
  config.assets.compile = false
  config.assets.css_compressor = :sass
  config.active_storage.service = :local
  config.action_mailer.delivery_method = :test
  config.cache_store = :memory_store
  config.action_controller.perform_caching = true
  config.log_level = :warn
  config.active_support.deprecation = :silence
  config.logger = ActiveSupport::Logger.new($stdout)
  config.active_record.dump_schema_after_migration = false
end
