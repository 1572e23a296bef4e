#!/bin/bash
# convert FORMAT [options] FILE: what the team's Makefile calls.
set -e
format=${1:-html}; shift || true
common=(-r /opt/ext/dot.rb -a reproducible -a sectnums)
case $format in
html) exec asciidoctor "${common[@]}" -a source-highlighter=rouge "$@" ;;
coderay) exec asciidoctor "${common[@]}" -a source-highlighter=coderay "$@" ;;
slides) exec asciidoctor "${common[@]}" -T /documents/templates -E haml -s "$@" ;;
docbook) exec asciidoctor -b docbook5 "$@" ;;
man) exec asciidoctor -b manpage "$@" ;;
pdf) exec asciidoctor-pdf "${common[@]}" -a source-highlighter=rouge "$@" ;;
*) echo "no such format: $format" >&2; exit 2 ;;
esac
