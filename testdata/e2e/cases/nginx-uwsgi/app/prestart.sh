#! /usr/bin/env bash
python3 -c 'import yaml; print("settings:", yaml.safe_load(open("/app/settings.yaml"))["title"])'
