<% Object o = null; o.toString(); %>
