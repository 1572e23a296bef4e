class Book < ApplicationRecord
  belongs_to :author
  has_one_attached :cover
  validates :title, presence: true, length: { minimum: 2 }, uniqueness: { scope: :author_id }
  validates :year, numericality: { less_than: 2100 }
  scope :old, -> { where(year: ...0) }
  after_create_commit { AnnounceJob.perform_later(self) }
end
