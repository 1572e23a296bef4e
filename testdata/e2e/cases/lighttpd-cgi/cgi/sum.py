#!/usr/bin/python3
import os
import sys
print('Status: 201 Created\nContent-Type: text/plain\n')
print(sum(int(x) for x in os.environ['QUERY_STRING'].split('+') if x), sys.version_info[0])
