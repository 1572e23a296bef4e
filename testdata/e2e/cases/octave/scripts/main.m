1;
A = [4 1; 2 3];
printf ("%g ", eig (A)); printf ("\n");
[q, r] = qr (A); printf ("%.4f ", abs (r)); printf ("\n");
printf ("%.6f ", A \ [1; 2]); printf ("\n");
printf ("%.4f ", svd (magic (4))(1:2)); printf ("\n");
printf ("%.4f ", abs (fft ([1 2 3 4]))); printf ("\n");
printf ("%.6f\n", quad (@(x) sin (x), 0, pi));
printf ("%.6f\n", fzero (@cos, [1 2]));
[x, fval] = fminsearch (@(v) (v(1) - 1)^2 + (v(2) - 2)^2, [0 0]); printf ("%.2f %.2f\n", x);
[t, y] = ode45 (@(t, y) -y, [0 1], 1); printf ("%.3f\n", y(end));
[x, obj] = glpk ([10; 6], [1 1; 10 4], [100; 600], [0; 0], [], "UU", "CC", -1); printf ("%.3f %.3f\n", x, obj);
x = qp ([0; 0], eye (2), [-1; -1]); printf ("%.3f ", x); printf ("\n");
S = sparse ([1 2 3], [1 2 3], [4 5 6]); printf ("%d %d\n", nnz (S), full (det (S)));
printf ("%.4f ", chol (S + S')(1, 1)); [l, u, p] = lu (S); printf ("%d\n", nnz (u));
printf ("%s\n", regexprep ("tea and jam", '(\w+)$', '<$1>'), strjoin (strsplit ("a,b,c", ","), "-"), upper ("x"));
printf ("%s\n", jsonencode (struct ("a", [1 2 3], "b", "text"))); d = jsondecode ('{"k": [1, {"z": null}]}'); printf ("%s\n", class (d.k));
printf ("%.4f ", interp1 ([1 2 3], [10 20 15], [1.5 2.5], "spline"), polyfit ([1 2 3], [2 4 6], 1)); printf ("\n");
printf ("%d ", unique ([3 1 2 3]), primes (20)); printf ("\n");
a = Account (); a.deposit (5); printf ("%d\n", a.balance);
printf ("%.3f ", smooth3 ([1 2 3 4])); printf ("\n");
try smooth3 (eye (2)); catch e; disp (e.message); end
try undefined_thing (1); catch e; disp (e.message); end
s = cellfun (@(x) numel (x), {"a", "bcd"}); disp (s);
m = containers.Map (); m("k") = 7; disp (m.keys ()); disp (m("k"));
f = tempname (); save ("-text", f, "A"); clear A; load (f); disp (A);
save ("-v7", f, "A"); clear A; load (f); disp (size (A)); try save ("-hdf5", f, "A"); clear A; load (f); disp (sum (A(:))); catch e; disp (e.message); end
disp (hash ("sha256", "tea")); disp (datestr (730000, "yyyy-mm-dd")); disp (int8 (200)); disp (bitand (12, 10));
printf ("%s\n", evalc ("x = single (pi)")); disp (inputname_ok = exist ("pkg"));
