class CreateBooks < ActiveRecord::Migration[6.1]
  def change
    create_table(:authors) { |t| t.string :name, null: false, index: { unique: true }; t.string :password_digest }
    create_table :books do |t|
      t.references :author, null: false, foreign_key: true
      t.string :title, null: false
      t.integer :year
      t.json :tags, default: []
      t.timestamps
    end
  end
end
