#!/usr/bin/perl
use strict;
use warnings;
use List::Util qw(first);
use Time::HiRes;
$| = 1;
my $base = '.1.3.6.1.4.1.99999.4';
my %value = map { ("$base.$_.0" => [counter => $_ * 100]) } 1 .. 3;
$value{"$base.4.0"} = [objectid => '.1.3.6.1.2.1.1'];
$value{"$base.5.0"} = [octet => '00 ff 41'];
my @order = sort keys %value;
while (defined(my $command = <STDIN>)) {
    chomp $command;
    if ($command eq 'PING') { print "PONG\n"; next; }
    last if $command eq '';
    chomp(my $oid = <STDIN>);
    if ($command eq 'set') { my $new = <STDIN>; print "not-writable\n"; next; }
    $oid = first { $_ gt $oid } @order if $command eq 'getnext';
    my $found = defined $oid ? $value{$oid} : undef;
    print $found ? "$oid\n$found->[0]\n$found->[1]\n" : "NONE\n";
}
