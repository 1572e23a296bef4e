class AnnounceJob < ActiveJob::Base
  def perform(book)
    puts "announced #{book.title} #{book.to_gid.to_s}"
  end
end
