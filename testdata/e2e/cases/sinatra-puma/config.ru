require 'bundler/setup'
require_relative 'lib/app'
use Rack::Deflater
run App
