defmodule Calc do
  use GenServer
  def start_link(n), do: GenServer.start_link(__MODULE__, n, name: __MODULE__)
  def add(n), do: GenServer.call(__MODULE__, {:add, n})
  def init(n), do: {:ok, n}
  def handle_call({:add, n}, _from, sum), do: {:reply, sum + n, sum + n}
end
