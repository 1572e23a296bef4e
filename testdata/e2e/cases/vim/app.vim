command! -nargs=1 Shout call append('$', toupper(<q-args>) . '!')
