require 'sinatra/base'
require 'json'
require 'active_record'
require 'haml'

ActiveRecord::Base.establish_connection(adapter: 'sqlite3', database: '/tmp/app.sqlite3')
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define { create_table(:notes) { |t| t.string :text; t.timestamps } }

class Note < ActiveRecord::Base
  validates :text, length: { in: 2..10 }
end

class App < Sinatra::Base
  autoload :Tools, File.expand_path('tools', __dir__)
  set :root, File.expand_path('..', __dir__)
  set :show_exceptions, false

  get('/') { erb :index, locals: { words: %w[a b] } }
  get('/haml') { haml :page }
  get('/tools') { Tools.report }
  get('/crash') { raise ArgumentError, 'on purpose' }
  post('/notes') do
    note = Note.new(text: params[:text])
    content_type :json
    note.save ? note.slice(:id, :text).to_json : [422, note.errors.full_messages.to_json]
  end
  error { "error: #{env['sinatra.error'].message}\n" }
  not_found { "no such page\n" }
end
