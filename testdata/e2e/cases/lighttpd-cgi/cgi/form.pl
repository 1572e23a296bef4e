#!/usr/bin/perl
use strict;
use warnings;
use CGI qw(:standard escapeHTML);
use POSIX qw(strftime);
use List::Util qw(sum);

my $q = CGI->new;
print $q->header(-type => 'text/html', -charset => 'utf-8'), $q->start_html('form');
printf "<p>%s %s %s %d</p>\n", escapeHTML($q->param('name') // 'nobody'), $ENV{MARK}, strftime('%Y', gmtime 0), sum(1 .. 4);
print $q->end_html;
