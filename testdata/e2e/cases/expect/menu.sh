#!/bin/bash
# A program of the old kind, which asks at a terminal.
if ! [ -t 0 ]; then echo "not a terminal"; exit 2; fi
read -r -p 'Login: ' name
read -r -s -p 'Password: ' pass; echo
[ "$pass" = secret ] || { echo 'Access denied'; exit 5; }
PS3='Choice? '
select what in balance sum quit; do
    case $what in
        balance) printf 'Balance of %s: %s\n' "$name" "$(echo '2^5 + 10' | bc)" ;;
        sum) read -r -p 'Numbers: ' numbers; echo "Sum: $(tr ' ' '+' <<<"$numbers" | bc)" ;;
        quit) echo Bye; exit 0 ;;
        *) echo 'No such choice' ;;
    esac
done
