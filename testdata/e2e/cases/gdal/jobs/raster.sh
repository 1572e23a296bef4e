#!/bin/bash
# a grid of heights to pictures, tiles and contours
set -eu
in=$1
gdal_translate -q -a_srs EPSG:4326 -of GTiff -co COMPRESS=DEFLATE -co TILED=YES -co BLOCKXSIZE=16 -co BLOCKYSIZE=16 "$in" /tmp/h.tif
gdalinfo -stats -hist /tmp/h.tif | grep -E 'Size|Origin|COMPRESSION|Minimum|STATISTICS_MEAN|Upper Left|ID\["EPSG",4326'
gdalwarp -q -t_srs EPSG:32632 -r cubic -tr 5000 5000 /tmp/h.tif /tmp/utm.tif && gdalinfo -json /tmp/utm.tif | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["size"], [round(x) for x in d["geoTransform"]])'
for kind in hillshade slope aspect color-relief; do
    if [ $kind = color-relief ]; then printf '0 0 0 255\n50 0 255 0\n100 255 0 0\nnv 0 0 0\n' >/tmp/c.txt; extra=/tmp/c.txt; else extra=; fi
    gdaldem $kind -q /tmp/utm.tif $extra /tmp/d.tif && echo "$kind $(gdalinfo -checksum /tmp/d.tif | grep -o 'Checksum=.*' | tr '\n' ' ')"
done
for kind in PNG JPEG WEBP JP2OpenJPEG GIF HFA; do
    gdal_translate -q -ot Byte -scale -of $kind /tmp/h.tif /tmp/h.$kind 2>/tmp/e || cat /tmp/e
    [ ! -e /tmp/h.$kind ] || echo "$kind $(gdalinfo -checksum /tmp/h.$kind | grep -o 'Checksum=.*' | head -1)"
done
gdal_contour -q -a height -i 25 /tmp/h.tif /tmp/c.geojson && ogrinfo -q -al -geom=SUMMARY /tmp/c.geojson | grep -c height
gdal_polygonize.py -q /tmp/h.PNG /tmp/poly.geojson && ogrinfo -al -so /tmp/poly.geojson | grep 'Feature Count'
gdal_calc.py --quiet -A /tmp/h.tif --outfile=/tmp/calc.tif --calc='A*2+1' && gdalinfo -checksum /tmp/calc.tif | grep -o 'Checksum=.*'
gdal2tiles.py -q -z 5-6 -w leaflet /tmp/h.PNG /tmp/tiles 2>&1 | tail -1 || true
gdal_translate -q -ot Byte -scale /tmp/utm.tif /tmp/b.tif && gdal2tiles.py -q -z 5-7 --processes=1 /tmp/b.tif /tmp/tiles2 && (cd /tmp/tiles2 && find . -type f ! -name '*.xml' | sort)
gdalbuildvrt -q /tmp/v.vrt /tmp/h.tif /tmp/calc.tif && gdallocationinfo -wgs84 -valonly /tmp/v.vrt 10.05 50.05
gdaladdo -q /tmp/h.tif 2 4 && gdalinfo /tmp/h.tif | grep Overviews | head -1
gdal_merge.py -q -o /tmp/m.tif /tmp/h.tif /tmp/calc.tif 2>&1 | head -1 && gdalinfo /tmp/m.tif | grep 'Size is'
