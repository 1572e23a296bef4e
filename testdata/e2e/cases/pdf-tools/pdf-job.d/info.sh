file -b --mime-type "$IN/$1"
pdfinfo "$IN/$1" | grep -E '^(Title|Author|Pages|Encrypted|Page size|PDF version)'
pdffonts "$IN/$1" | tail -n +3 | awk '{ print $1, $2 }'
exiftool -s -Title -Author -PageCount -PDFVersion "$IN/$1"
pdfimages -list "$IN/$1" | tail -n +3 | awk '{ print $1, $3, $4, $5 }'
