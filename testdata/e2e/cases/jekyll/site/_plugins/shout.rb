# A filter and a generator of the site's own.
module Shout
  def shout(text) = "#{text.upcase}!"
end
Liquid::Template.register_filter(Shout)

class Count < Jekyll::Generator
  def generate(site)
    page = Jekyll::PageWithoutAFile.new(site, site.source, "", "count.json")
    page.content = JSON.generate(posts: site.posts.docs.size, recipes: site.collections["recipes"].docs.map { |d| d.data["title"] })
    page.data["layout"] = nil
    site.pages << page
  end
end
