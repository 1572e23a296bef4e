#!/bin/none
echo never
