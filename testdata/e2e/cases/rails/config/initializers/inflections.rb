ActiveSupport::Inflector.inflections(:en) { |inflect| inflect.irregular "opus", "opera" }
