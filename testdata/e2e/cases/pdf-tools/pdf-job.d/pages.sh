# Pages become pictures, several at a time.
n=$(qpdf --show-npages "$IN/$1")
seq "$n" | parallel --will-cite -k -j2 "pdftoppm -r $DPI -png -f {} -l {} -singlefile '$IN/$1' $OUT/page-{} && file -b $OUT/page-{}.png"
pdftoppm -r "$DPI" -gray -f 1 -l 1 -singlefile "$IN/$1" "$OUT/gray"
pnmscale -xsize 60 "$OUT/gray.pgm" 2>/dev/null | pgmtopbm -threshold 2>/dev/null | tee "$OUT/g.pbm" | file -b -
potrace -s -o "$OUT/trace.svg" "$OUT/g.pbm"
grep -c '<path' "$OUT/trace.svg"
pdftocairo -svg -f 1 -l 1 "$IN/$1" "$OUT/p.svg" && grep -c '<use\|<path' "$OUT/p.svg"
pdftoppm -r "$DPI" -jpeg -f 1 -l 1 -singlefile "$IN/$1" "$OUT/j" && exiftool -s3 -FileType -ImageSize "$OUT/j.jpg"
pdftohtml -q -i -stdout "$IN/$1" | grep -o -i 'title>[^<]*' | sed -n 1p
