-module(tea_cup).
-behaviour(gen_server).
-export([start_link/0, sip/1, init/1, handle_call/3, handle_cast/2]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
sip(N) -> gen_server:call(?MODULE, {sip, N}).
init([]) -> {ok, 10}.
handle_call({sip, N}, _, Left) when N =< Left -> {reply, Left - N, Left - N};
handle_call({sip, _}, _, Left) -> {stop, empty, Left}.
handle_cast(_, Left) -> {noreply, Left}.
