# Sourced by scripts/interop: docs/interop.md from the results of a whole run.

write_docs() { # RESULTS FILE
    {
        cat <<MD
# Which tools read what oslim writes

Written by \`scripts/interop --docs\`. Each column is a source: a small image as that tool wrote it. oslim slimmed it into each form
("written"), and other tools loaded, copied, unpacked, pulled or ran the result. \`.ci/full\` runs every cell.

Versions: $(versions).

MD
        awk -F'\t' '
            $1 != "host" && $2 != "-" {
                cell = $2 "\t" $3
                if (!(cell in seen)) { seen[cell] = 1; cells[++count] = cell }
                if (!($1 in sources)) { sources[$1] = 1; columns[++width] = $1 }
                result[cell, $1] = $4 == "pass" ? "yes" : "**no**"
            }
            END {
                printf "| written | by |"; for (i = 1; i <= width; i++) printf " %s |", columns[i]
                printf "\n| --- | --- |"; for (i = 1; i <= width; i++) printf " --- |"
                print ""
                for (n = 1; n <= count; n++) {
                    split(cells[n], part, "\t"); printf "| %s | %s |", part[1], part[2]
                    for (i = 1; i <= width; i++) printf " %s |", ((cells[n], columns[i]) in result) ? result[cells[n], columns[i]] : "–"
                    print ""
                }
            }' "$1"
        awk -F'\t' '$1 == "host" && $2 == "-" {
            if (!said++) print "\nAnd on a real host, always one line of explanation and nothing left behind:\n"
            printf "- %s: %s\n", $3, $4 == "pass" ? "yes" : "**no**"
        }' "$1"
    } >"$2"
}

versions() {
    printf 'Docker %s' "$(docker version -f '{{.Server.Version}}')"
    ! have_docker_26 || printf ', Docker %s' "$(docker_26 version -f '{{.Server.Version}}')"
    local tool
    for tool in podman buildah skopeo umoci; do
        printf ', %s %s' "$tool" "$(command "$tool" --version | grep -oE '[0-9]+(\.[0-9]+)+' | head -n1)"
    done
}
