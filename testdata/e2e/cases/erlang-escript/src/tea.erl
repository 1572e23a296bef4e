-module(tea).
-export([main/1, page/3]).

main(Arguments) ->
    io:setopts([{encoding, unicode}]),
    logger:set_primary_config(level, none),
    try run(Arguments) of
        ok -> ok;
        Value -> io:format("~tp~n", [Value])
    catch
        throw:{usage, Text} -> io:format(standard_error, "tea: ~ts~n", [Text]), halt(64);
        Class:Reason -> io:format(standard_error, "tea: ~p ~tp~n", [Class, Reason]), halt(1)
    end.

run(["help"]) -> io:format("tea calc|cup|hash|regex|xml|mnesia|ets|time|unicode|net|serve|port|parallel|crash|zip~n");
run(["calc" | Words]) ->
    case tea_lexer:string(lists:flatten(lists:join(" ", Words))) of
        {ok, Tokens, _} -> case tea_parser:parse(Tokens) of {ok, V} -> V; {error, {_, M, Why}} -> {syntax, lists:flatten(M:format_error(Why))} end;
        {error, {_, M, Why}, _} -> {lexical, lists:flatten(M:format_error(Why))}
    end;
run(["cup" | Sips]) ->
    {ok, Apps} = application:ensure_all_started(tea),
    Answers = [catch element(1, {tea_cup:sip(list_to_integer(S))}) || S <- Sips],
    timer:sleep(100),
    {Apps, [case A of {'EXIT', {Why, _}} -> {exit, Why}; _ -> A end || A <- Answers], tea_cup:sip(1)};
run(["hash", Text]) ->
    {ok, _} = application:ensure_all_started(crypto),
    Bin = unicode:characters_to_binary(Text),
    Key = <<1:256>>,
    {C, T} = crypto:crypto_one_time_aead(aes_256_gcm, Key, <<2:96>>, Bin, <<>>, true),
    {binary:encode_hex(crypto:hash(sha256, Bin)), base64:encode(C), crypto:crypto_one_time_aead(aes_256_gcm, Key, <<2:96>>, C, <<>>, T, false) =:= Bin,
     catch element(1, crypto:hash(none, Bin))} ;
run(["regex", Text]) -> re:run(Text, "(\\w+)@(\\w+)", [global, {capture, all_but_first, list}]);
run(["xml", Text]) ->
    {Doc, _} = xmerl_scan:string(Text, [{quiet, true}]),
    {[element(9, X) || X <- xmerl_xpath:string("//b/text()", Doc)], lists:flatten(xmerl:export_simple([Doc], xmerl_xml))};
run(["mnesia"]) ->
    application:set_env(mnesia, dir, "/tmp/mnesia"),
    ok = mnesia:create_schema([node()]), ok = mnesia:start(),
    {atomic, ok} = mnesia:create_table(tea, [{attributes, [name, cups]}, {disc_copies, [node()]}]),
    {atomic, _} = mnesia:transaction(fun() -> [mnesia:write({tea, N, C}) || {N, C} <- [{green, 1}, {black, 2}]] end),
    {aborted, Why} = mnesia:transaction(fun() -> mnesia:write({tea, red, 3}), mnesia:abort(no_red) end),
    {Why, lists:sort(mnesia:dirty_all_keys(tea)), mnesia:table_info(tea, size)};
run(["ets"]) ->
    T = ets:new(t, [ordered_set]), ets:insert(T, [{N, N * N} || N <- lists:seq(1, 9)]),
    {ok, _} = dets:open_file(d, [{file, "/tmp/d"}]), ets:to_dets(T, d), Info = dets:info(d, size), dets:close(d),
    {ets:select(T, [{{'$1', '$2'}, [{'>', '$2', 50}], ['$1']}]), Info, maps:fold(fun(K, V, A) -> A + K * V end, 0, #{1 => 2, 3 => 4}), queue:len(queue:from_list([1]))};
run(["time"]) -> {calendar:system_time_to_rfc3339(1700000000, [{offset, "Z"}]), calendar:day_of_the_week(2024, 5, 1), calendar:iso_week_number({2024, 12, 31})};
run(["unicode", Text]) -> {string:uppercase(Text), string:length(Text), unicode:characters_to_nfd_list("é"), string:titlecase("ß")};
run(["net"]) ->
    {ok, _} = application:ensure_all_started([inets, ssl]),
    {element(2, gen_tcp:connect("127.0.0.1", 9, [], 1000)), inet:parse_address("::1"), inet:getaddr("localhost", inet),
     case httpc:request("http://127.0.0.1:9/") of {error, {failed_connect, L}} -> [E || {inet, _, E} <- L] end,
     case httpc:request(get, {"https://127.0.0.1:9/", []}, [{ssl, [{verify, verify_none}]}], []) of {error, {failed_connect, L2}} -> [E || {inet, _, E} <- L2] end};
run(["serve"]) ->
    {ok, _} = application:ensure_all_started(inets),
    ok = filelib:ensure_dir("/tmp/www/x"), ok = file:write_file("/tmp/www/a.txt", "static\n"),
    {ok, _} = inets:start(httpd, [{port, 8080}, {server_name, "tea"}, {server_root, "/tmp"}, {document_root, "/tmp/www"}, {bind_address, any},
        {modules, [mod_alias, mod_esi, mod_get, mod_head]}, {erl_script_alias, {"/esi", [tea]}}, {mime_types, [{"txt", "text/plain"}]}]),
    io:format("serving~n"), timer:sleep(infinity);
run(["port"]) ->
    P = open_port({spawn_executable, "/bin/sh"}, [{args, ["-c", "read x; echo got $x; exit 3"]}, exit_status, {line, 80}]),
    port_command(P, "line\n"),
    {receive {P, {data, D}} -> D end, receive {P, {exit_status, S}} -> S end, string:trim(os:cmd("echo from a shell"))};
run(["parallel"]) ->
    Self = self(), [spawn(fun() -> Self ! {N, lists:sum(lists:seq(1, N * 1000))} end) || N <- lists:seq(1, 20)],
    [receive {N, V} -> V end || N <- [1, 10, 20]];
run(["zip"]) -> {ok, {_, Z}} = zip:create("x", [{"a", <<"aa">>}], [memory]), {ok, L} = zip:unzip(Z, [memory]), {L, zlib:gunzip(zlib:gzip("tea")), erlang:crc32("tea"), binary_to_term(term_to_binary(#{a => 1}))};
run(["crash"]) -> lists:nth(3, [1, 2]);
run(["halt", N]) -> halt(list_to_integer(N));
run(Other) -> throw({usage, io_lib:format("no such command: ~ts", [lists:join(" ", Other)])}).

page(Session, _Env, Input) -> mod_esi:deliver(Session, ["Content-Type: text/plain\r\n\r\n", "esi ", Input, "\n"]).
