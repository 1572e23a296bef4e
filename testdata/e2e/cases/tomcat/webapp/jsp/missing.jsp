<%@ page isErrorPage="true" %>missing: ${requestScope["jakarta.servlet.error.request_uri"]}
