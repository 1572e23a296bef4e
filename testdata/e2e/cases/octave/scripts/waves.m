graphics_toolkit ("gnuplot");
f = figure ("visible", "off");
x = linspace (0, 2 * pi, 50);
plot (x, sin (x), "-r;sine;", x, cos (x), "b--;cosine;"); xlabel ("x"); title ("Waves"); grid on;
for kind = {"svg", "png", "pdf"}
  name = ["/tmp/plot." kind{1}];
  try print (f, name, ["-d" kind{1}]); s = stat (name); printf ("%s %d\n", kind{1}, ! isempty (s) && s.size > 1000); catch e; printf ("%s: %s\n", kind{1}, strtok (e.message, "\n")); end
end
t = fileread ("/tmp/plot.svg"); printf ("%d %d\n", ! isempty (strfind (t, "Waves")), ! isempty (strfind (t, "cosine")));
imwrite (uint8 (magic (8)), "/tmp/i.png"); i = imread ("/tmp/i.png"); disp (size (i)); disp (imfinfo ("/tmp/i.png").Format);
