#!/bin/sh
# Pure-FTPd gives what came, and from whom, in the environment.
sum=$(sha256sum "$1" | cut -c1-12)
echo "uploaded $(basename "$1") $UPLOAD_SIZE $sum by $UPLOAD_VUSER" >>/home/ftpusers/uploads.log
