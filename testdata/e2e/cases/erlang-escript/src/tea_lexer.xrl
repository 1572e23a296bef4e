Definitions.
Rules.
[0-9]+ : {token, {int, TokenLine, list_to_integer(TokenChars)}}.
[-+*()] : {token, {list_to_atom(TokenChars), TokenLine}}.
[\s\t]+ : skip_token.
Erlang code.
