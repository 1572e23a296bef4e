<%@ page contentType="text/html;charset=UTF-8" import="java.util.*" %><%@ taglib prefix="t" tagdir="/WEB-INF/tags" %>
<h1>Shop ä</h1>
<% for (int i = 1; i <= 3; i++) { %><p><%= i * i %></p><% } %>
<t:price cents="1999"/> ${param.name} ${1 + 2 * 3} ${header["x-test"]} ${[3,1,2].stream().sorted().toList()}
<%@ include file="jsp/foot.jspf" %>
