args = argv (); printf ("%s|", args{:}); disp (nargin);
