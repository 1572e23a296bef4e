#!/usr/bin/env escript
%% Packs the compiled modules into one executable file.
main(_) ->
    Files = [{filename:basename(F), element(2, file:read_file(F))} || F <- filelib:wildcard("ebin/*")],
    {ok, {_, Zip}} = zip:create("tea.ez", [{"tea/ebin/" ++ N, B} || {N, B} <- Files], [memory]),
    ok = escript:create("tea", [{shebang, "/usr/bin/env escript"}, {emu_args, "-escript main tea +fnu -pa tea/tea/ebin"}, {archive, Zip}]),
    ok = file:change_mode("tea", 8#755).
