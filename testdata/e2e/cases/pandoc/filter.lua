function Strong(e) return pandoc.SmallCaps(e.content) end
