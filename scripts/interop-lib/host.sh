# Sourced by scripts/interop: what only a real host can do to a run, and that nothing is left behind then.

check_host() {
    row=host source=$work/heavy.tar
    make_heavy >"$OUT/host.log" 2>&1 || return
    mkdir -p "$work/full" "$work/target"
    check host - 'no space left' no_space
    check host - 'Ctrl-C while it reads' interrupted INT reading
    check host - 'Ctrl-C while it writes' interrupted INT writing
    check host - 'TERM while it writes' interrupted TERM writing
    check host - 'reader of words gone' reader_gone
    check host - 'reader of archive gone' archive_reader_gone
}

# make_heavy: an archive that takes a moment to slim, because all of it is kept.
make_heavy() {
    make_rootfs || return
    mkdir -p "$work/rootfs/etc/heavy"
    for part in 1 2 3 4; do head -c 6000000 /dev/urandom >"$work/rootfs/etc/heavy/$part"; done
    tar -C "$work/rootfs" -c . | docker import -c 'ENTRYPOINT ["/bin/cat"]' -c 'CMD ["/etc/heavy"]' - interop/heavy:1 &&
        docker save interop/heavy:1 -o "$source"
    local status=$?
    rm -rf "$work/rootfs/etc/heavy"
    docker rmi interop/heavy:1 >/dev/null
    return $status
}

# Nothing but one line on stderr, perhaps with advice below it; no stack.
says_one_line() { # FILE
    [ "$(grep -c '^oslim: ' "$1")" = 1 ] && [ "$(wc -l <"$1")" -le 2 ] || { cat "$1"; return 1; }
}

# is_empty DIRECTORY
is_empty() { [ -z "$(ls -A "$1")" ] || { echo "left: $(ls -A "$1")"; return 1; }; }

no_space() {
    local status=0 result=0
    mount -t tmpfs -o size=1m tmpfs "$work/full" || return
    # shellcheck disable=SC2086
    $OSLIM "$source" -o "$work/full/slim.tar" --include '/**' >/dev/null 2>"$work/said" || status=$?
    { [ $status = 1 ] && says_one_line "$work/said" && grep -q 'no space left' "$work/said" && is_empty "$work/full"; } || result=1
    umount "$work/full"
    return $result
}

# interrupted SIGNAL reading|writing
interrupted() {
    local status=0 pid
    rm -f "$work/pipe" && mkfifo "$work/pipe" && exec 9<>"$work/pipe" || return
    if [ "$2" = reading ]; then
        # The rest of the archive never comes.
        # shellcheck disable=SC2086
        $OSLIM - -o "$work/target/slim.tar" >/dev/null 2>"$work/said" <"$work/pipe" 9>&- &
        pid=$!
        head -c 1000000 "$source" >&9
        sleep 2
    else
        # shellcheck disable=SC2086
        $OSLIM "$source" -o "$work/target/slim.tar" --include '/**' >/dev/null 2>"$work/said" 9>&- &
        pid=$!
        while kill -0 "$pid" 2>/dev/null && is_empty "$work/target" >/dev/null; do sleep 0.01; done
    fi
    kill -s "$1" "$pid" || echo 'it was over before'
    wait "$pid" || status=$?
    exec 9>&-
    case $status in 1 | 130 | 143) ;; *) echo "status $status"; return 1 ;; esac
    says_one_line "$work/said" && is_empty "$work/target"
}

# The words are not the result: it is there, and the status is 0.
reader_gone() {
    # shellcheck disable=SC2086
    { $OSLIM "$source" -o "$work/target/slim.tar" 2>"$work/said"; echo $? >"$work/status"; } | true
    [ "$(cat "$work/status")" = 0 ] && [ ! -s "$work/said" ] && [ -s "$work/target/slim.tar" ] || { cat "$work/said" "$work/status"; return 1; }
    rm "$work/target/slim.tar"
}

archive_reader_gone() {
    # shellcheck disable=SC2086
    { $OSLIM "$source" -o - --include '/**' 2>"$work/said"; echo $? >"$work/status"; } | head -c 100 >/dev/null
    [ "$(cat "$work/status")" = 1 ] && says_one_line "$work/said"
}
