function y = smooth3 (x)
  % A running mean of three.
  if (! isvector (x)) error ("smooth3: a vector is needed"); endif
  y = conv (x(:)', ones (1, 3) / 3, "same");
endfunction
