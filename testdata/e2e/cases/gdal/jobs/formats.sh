#!/bin/bash
# what can be read and written
gdalinfo --formats | grep -c -E '\(r' ; ogrinfo --formats | grep -E 'GeoJSON|GPKG|PostgreSQL|Parquet|MVT|DXF' ; gdalinfo --version | cut -d, -f1
python3 -c 'from osgeo import gdal, ogr, osr; print(gdal.GetDriverCount() > 100, ogr.CreateGeometryFromWkt("POLYGON((0 0,1 0,1 1,0 0))").Area(), osr.SpatialReference(epsg=4326) if 0 else "")'
python3 -c 'from osgeo import gdal_array; print(gdal_array.numpy.arange(3).sum())'
