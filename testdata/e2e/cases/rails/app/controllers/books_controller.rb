class BooksController < ApplicationController
  protect_from_forgery with: :null_session
  http_basic_authenticate_with name: "ann", password: "secret", only: :destroy

  def index
    session[:visits] = session[:visits].to_i + 1
    @books = Book.includes(:author).order(:title).page(params[:page]).per(2)
    respond_to do |format|
      format.html
      format.json { render json: @books.as_json(only: %i[title year tags], include: { author: { only: :name } }) }
      format.xml { render xml: @books.map(&:title).to_xml(root: "titles") } if Array.method_defined?(:to_xml)
    end
  end

  def show
    @book = Book.find(params[:id])
    fresh_when etag: @book.title
  end

  def create
    author = Author.find_by(name: params[:author])&.authenticate(params[:password])
    return head(:forbidden) unless author

    book = author.books.build(params.require(:book).permit(:title, :year, tags: []))
    book.save ? render(json: book.slice(:title, :tags), status: :created) : render(json: book.errors.full_messages, status: 422)
  end

  def destroy
    Book.find(params[:id]).destroy!
    head :no_content
  end

  def cover
    book = Book.find(params[:id])
    book.cover.attach(params[:file])
    render json: { type: book.cover.content_type, size: book.cover.byte_size, sum: book.cover.checksum, back: book.cover.download.size }
  end

  def mail
    message = DigestMailer.weekly("reader@example.org").deliver_now
    render plain: [message.subject, message.parts.map(&:mime_type), message.encoded[/^Subject:.*/], message.attachments.first.decoded].flatten.join("\n")
  end

  def stats
    render json: { old: Book.old.count, by: Book.joins(:author).group("authors.name").count, cached: Rails.cache.fetch("n") { Book.count },
                   opus: "opus".pluralize, kept: ActiveSupport::MessageEncryptor.new("k" * 32).then { |e| e.decrypt_and_verify(e.encrypt_and_sign("safe")) },
                   tags: ActionController::Base.helpers.sanitize("<b>x</b><script>y</script>") }
  end

  def when
    render plain: [Time.zone.local(2024, 7, 1, 12).utc, I18n.l(Date.new(2024, 7, 1), locale: :en), 3.days.inspect, Time.utc(2024).in_time_zone("Asia/Tokyo")].join("\n")
  end

  def crash = raise("on purpose")
end
