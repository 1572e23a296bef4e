# A page with a code is laid over the first page, and read again.
qrencode -s 4 -o "$OUT/code.png" "$2"
img2pdf --pagesize A6 --nodate --producer job -o "$OUT/code.pdf" "$OUT/code.png"
qpdf "$IN/$1" --overlay "$OUT/code.pdf" --to=1 -- "$OUT/stamped.pdf"
pdftoppm -r 150 -png -singlefile -f 1 -l 1 "$OUT/stamped.pdf" "$OUT/stamped"
zbarimg -q --raw "$OUT/stamped.png"
qrencode -t UTF8 -m 1 "$2" | sed -n 1,3p
exiftool -q -overwrite_original -Title="Stamped ${2}" "$OUT/stamped.pdf" && exiftool -s3 -Title "$OUT/stamped.pdf"
pdfattach "$OUT/stamped.pdf" "$OUT/code.png" "$OUT/with.pdf" && pdfdetach -list "$OUT/with.pdf"
