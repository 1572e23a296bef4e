<% this is not Java %>
