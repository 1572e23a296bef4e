-module(tea_sup).
-behaviour(application).
-behaviour(supervisor).
-export([start/2, stop/1, init/1]).

start(_, _) -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).
stop(_) -> ok.
init([]) -> {ok, {#{strategy => one_for_one, intensity => 5, period => 10}, [#{id => cup, start => {tea_cup, start_link, []}}]}}.
