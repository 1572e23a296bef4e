qpdf --empty --pages "$IN/a.pdf" 1 "$IN/b.pdf" 1-z:odd -- --linearize --deterministic-id "$OUT/joined.pdf"
qpdf --check "$OUT/joined.pdf" | grep -v -F "$OUT"
pdfunite "$IN/a.pdf" "$IN/b.pdf" "$OUT/united.pdf" && pdfinfo "$OUT/united.pdf" | grep Pages
pdfseparate "$IN/b.pdf" "$OUT/part-%d.pdf" && find "$OUT" -name 'part-*' | sort | xargs -n1 basename
qpdf --json --json-key=pages "$OUT/joined.pdf" | grep -c '"pageposfrom1"'
sha256sum <"$OUT/joined.pdf" | cut -c1-16
