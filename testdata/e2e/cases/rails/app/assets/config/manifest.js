//= link application.css
//= link_tree ../images
