# Packages of bookworm whose name has a version in it, as trixie calls them.
s/openjdk-17-/openjdk-21-/g
s/python3\.11/python3.13/g
