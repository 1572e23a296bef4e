#!/usr/bin/env perl
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Plack::Builder;
use Demo;

builder {
    enable 'ContentLength';
    enable 'ConditionalGET';
    enable 'AccessLog', format => '%m %U %>s';
    enable 'Plack::Middleware::Static', path => qr{^/static/}, root => "$FindBin::Bin/../public";
    mount '/raw' => sub { [200, ['Content-Type' => 'text/plain'], ["raw $_[0]{PATH_INFO}\n"]] };
    mount '/' => Demo->to_app;
};
