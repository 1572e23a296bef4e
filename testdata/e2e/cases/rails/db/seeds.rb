return if Author.exists?

homer = Author.create!(name: "Homer", password: "ithaca")
mann = Author.create!(name: "Mann", password: "davos")
homer.books.create!(title: "Ilias", year: -750, tags: %w[war ship])
homer.books.create!(title: "Odyssee", year: -720, tags: %w[ship])
mann.books.create!(title: "Der Zauberberg", year: 1924)
