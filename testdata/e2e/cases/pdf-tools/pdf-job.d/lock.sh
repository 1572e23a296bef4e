qpdf --encrypt user owner 256 --print=none -- "$IN/$1" "$OUT/locked.pdf"
qpdf --show-encryption --password=user "$OUT/locked.pdf" | sed -n 1,3p
pdftotext -upw user "$OUT/locked.pdf" - | sed -n 1p
pdftotext -upw "${2:-user}" "$OUT/locked.pdf" - | sed -n 1p
qpdf --decrypt --password=owner "$OUT/locked.pdf" --static-id "$OUT/open.pdf" && pdfinfo "$OUT/open.pdf" | grep Encrypted
