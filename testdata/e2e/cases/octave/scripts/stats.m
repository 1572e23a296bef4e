pkg load statistics
printf ("%.6f %.6f\n", normcdf (1.96), tinv (0.975, 10));
[h, p] = ttest ([5.1 4.9 5.6 5.8 6.0], 5); printf ("%d %.4f\n", h, p);
printf ("%.4f ", pdist ([0 0; 3 4; 6 8])); printf ("\n");
printf ("%.4f %.4f\n", median ([3 1 2]), iqr ([1 2 3 4]));
try pkg load none; catch e; disp (strtok (e.message, "\n")); end
