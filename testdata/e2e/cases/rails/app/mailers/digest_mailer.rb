class DigestMailer < ActionMailer::Base
  default from: "books@example.org"

  def weekly(to)
    @books = Book.order(:title)
    attachments["list.csv"] = @books.map(&:title).join("\n")
    mail to: to, subject: "Bücher", message_id: "<1@example.org>", date: Time.utc(2024, 1, 1)
  end
end
