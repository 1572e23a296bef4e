# What the jobs share.
unpack() { # FILE: its content, however it is packed
    case $(file -b --mime-type "$1") in
        application/gzip) gzip -dc "$1" ;;
        application/x-xz) xz -dc "$1" ;;
        application/zstd) zstd -qdc "$1" ;;
        application/x-bzip2) bzip2 -dc "$1" ;;
        application/zip) unzip -p "$1" ;;
        *) cat "$1" ;;
    esac
}
need() { [[ -e $1 ]] || { echo "missing $1" >&2; return 66; }; }
