Nonterminals sum term factor.
Terminals int '+' '-' '*' '(' ')'.
Rootsymbol sum.
Left 100 '+' '-'.
Left 200 '*'.
sum -> sum '+' term : '$1' + '$3'.
sum -> sum '-' term : '$1' - '$3'.
sum -> term : '$1'.
term -> term '*' factor : '$1' * '$3'.
term -> factor : '$1'.
factor -> int : element(3, '$1').
factor -> '(' sum ')' : '$2'.
Erlang code.
