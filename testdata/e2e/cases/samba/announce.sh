#!/bin/sh
echo "$1 opens $2" >>/srv/private/visits.log
