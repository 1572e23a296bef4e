#!/bin/sh
# What CGI says about the request.
echo 'Content-Type: text/plain'
echo
printf '%s %s %s\n' "$REQUEST_METHOD" "$QUERY_STRING" "$CONTENT_LENGTH"
head -c "${CONTENT_LENGTH:-0}" | tr a-z A-Z
id -un
