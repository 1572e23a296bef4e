Dear $(who),
# for i, item in ipairs(items) do
  $(i). $(item)
# end
