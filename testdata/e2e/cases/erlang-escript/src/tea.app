{application, tea, [{description, "tea"}, {vsn, "1.0.0"}, {modules, [tea, tea_cup, tea_sup, tea_lexer, tea_parser]},
  {registered, [tea_sup]}, {applications, [kernel, stdlib]}, {mod, {tea_sup, []}}]}.
