#!/bin/bash
# points of a CSV file to other formats and projections
set -eu
in=$1
ogr2ogr -f GeoJSON /tmp/p.json "$in" -oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat -oo AUTODETECT_TYPE=YES -a_srs EPSG:4326 -lco COORDINATE_PRECISION=5 -nln p
cat /tmp/p.json; echo
ogr2ogr -f 'ESRI Shapefile' /tmp/shp /tmp/p.json -t_srs EPSG:3857 && ls /tmp/shp
ogrinfo -al -so /tmp/shp/p.shp | grep -E 'Geometry|Feature Count|Extent|^[a-z]+:|PROJCRS'
ogr2ogr -f GPKG /tmp/p.gpkg /tmp/p.json -nln places -t_srs EPSG:25832 2>&1
ogrinfo -q /tmp/p.gpkg -dialect sqlite -sql "select name, round(st_x(geom)) x, round(st_y(geom)) y from places where people > 1000000 order by name"
ogrinfo -q /tmp/p.gpkg -dialect sqlite -sql "select st_astext(st_buffer(st_point(0, 0), 1, 2)) w, count(*) n, round(max(st_distance(geom, st_point(500000, 5500000)))) d from places" || echo 'no buffer'
ogr2ogr -f KML /tmp/p.kml /tmp/p.json && grep -c Placemark /tmp/p.kml
ogr2ogr -f GML /tmp/p.gml /tmp/p.json && grep -c featureMember /tmp/p.gml
ogr2ogr -f CSV /vsistdout/ /tmp/p.gpkg -lco GEOMETRY=AS_WKT -t_srs EPSG:4326 -sql 'select name from places order by people desc' | sed -E 's/([0-9]+\.[0-9]{3})[0-9]*/\1/g'
ogr2ogr -f PDF /tmp/p.pdf /tmp/p.json && head -c 5 /tmp/p.pdf; echo
ogr2ogr -f DXF /tmp/p.dxf /tmp/p.json 2>/tmp/e || echo 'no fields in DXF'; sort -u /tmp/e; ogr2ogr -f DXF /tmp/q.dxf /tmp/p.json -sql 'select geometry from p' -dialect sqlite && grep -c POINT /tmp/q.dxf
ogr2ogr -f Parquet /tmp/p.parquet /tmp/p.json 2>/tmp/e || sort -u /tmp/e
