module BooksHelper
  def era(book) = book.year.negative? ? "#{-book.year} BC" : book.year.to_s
end
