require 'asciidoctor'
require 'asciidoctor/extensions'
require 'open3'

# [dot] blocks become SVG through graphviz; issue:7[] becomes a link.
Asciidoctor::Extensions.register do
  block :dot do
    on_context :literal
    process do |parent, reader, _attrs|
      svg, status = Open3.capture2('dot', '-Tsvg', stdin_data: reader.read)
      raise 'dot failed' unless status.success?
      create_pass_block parent, "<div class=\"dot\">#{svg.scan(/<text[^>]*>([^<]*)/).flatten.sort.join(' ')} #{svg.scan('<g ').size}</div>", {}
    end
  end
  inline_macro :issue do
    process { |parent, target, _| create_anchor parent, "##{target}", type: :link, target: "https://example.org/#{target}" }
  end
end
