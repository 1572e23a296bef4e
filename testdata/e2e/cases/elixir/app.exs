{:ok, _} = Supervisor.start_link([{Calc, 10}], strategy: :one_for_one)
IO.puts(Calc.add(5))
IO.puts(:crypto.hash(:sha256, "x") |> Base.encode16())
IO.inspect(DateTime.from_unix!(0) |> Calendar.strftime("%A %d %B %Y"))
IO.puts(String.upcase("grüße ñ") <> " " <> String.normalize("é", :nfd))
IO.inspect(Regex.scan(~r/\p{Lu}/u, "Élan Vital"))
{doc, _} = :xmerl_scan.string('<a><b>t</b></a>')
IO.inspect(:xmerl_xpath.string('//b/text()', doc) |> length)
{:ok, _} = Application.ensure_all_started(:inets)
{:ok, _} = :inets.start(:httpd, port: 8080, server_name: 'x', server_root: '/tmp', document_root: '/opt/app', bind_address: {127, 0, 0, 1})
{:ok, {{_, status, _}, _, body}} = :httpc.request('http://127.0.0.1:8080/app.exs')
IO.inspect({status, length(body) > 100})
IO.inspect(Task.async_stream(1..4, &(&1 * &1)) |> Enum.map(fn {:ok, x} -> x end))
case System.argv() do
  ["crash"] -> raise "on purpose"
  ["run", command] -> IO.inspect(System.cmd(command, []))
  [] -> :ok
end
