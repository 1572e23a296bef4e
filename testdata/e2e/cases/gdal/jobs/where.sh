#!/bin/bash
# a place in other coordinate systems
for system in EPSG:25832 EPSG:31467 EPSG:27700 EPSG:2056 +proj=robin ESRI:54009 EPSG:999999; do
    echo "$system $(echo "$1 $2" | gdaltransform -s_srs EPSG:4326 -t_srs "$system" -output_xy 2>&1 | head -1 | sed -E 's/([0-9]+\.[0-9]{2})[0-9]*/\1/g')"
done
gdalsrsinfo -o proj4 EPSG:31467
gdalsrsinfo -e -o wkt2_2019 EPSG:4258 | head -3
echo "$1 $2" | cs2cs -f %.2f EPSG:4326 EPSG:3035
projinfo -s EPSG:4326 -t EPSG:31467 --summary | tail -n +2 | head -3
