class ApplicationController < ActionController::Base
  around_action { |_, action| I18n.with_locale(params[:locale] || I18n.default_locale, &action) }
  rescue_from(ActiveRecord::RecordNotFound) { |e| render plain: e.message, status: :not_found }
end
