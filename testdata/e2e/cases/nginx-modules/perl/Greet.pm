package Greet;
use strict;
use warnings;
use nginx;
use POSIX qw(floor);
use List::Util qw(sum);
use Digest::MD5 qw(md5_hex);

sub variable { my $r = shift; return "hello-" . ($r->args // ''); }

sub handler {
    my $r = shift;
    if ($r->request_method eq 'POST') {
        return OK if $r->has_request_body(\&posted);
        return HTTP_BAD_REQUEST;
    }
    my %args = map { split /=/, $_, 2 } split /&/, $r->args // '';
    return HTTP_NOT_FOUND if $args{none};
    die "no such luck\n" if $args{die};
    $r->header_out('X-Perl', md5_hex($r->uri));
    $r->send_http_header('text/plain; charset=utf-8');
    return OK if $r->header_only;
    my @n = split /,/, $args{n} // '1';
    $r->print(sprintf("sum %d half %d\n", sum(@n), floor(sum(@n) / 2)), $r->unescape($args{text} // ''), "\n", $r->variable('host'), "\n");
    return OK;
}

sub posted { my $r = shift; $r->send_http_header('text/plain'); $r->print('posted ', scalar reverse($r->request_body), "\n"); return OK; }

sub slow { my $r = shift; $r->sleep(300, \&awake); return OK; }

sub awake { my $r = shift; $r->send_http_header('text/plain'); $r->print("awake\n"); $r->sendfile('/srv/www/index.html', 0, 15); $r->flush; return OK; }

sub mail {
    my $r = shift;
    my $ok = ($r->header_in('Auth-User') // '') eq 'ann' && ($r->header_in('Auth-Pass') // '') eq 'secret';
    $r->header_out('Auth-Status', $ok ? 'OK' : 'Invalid login or password');
    if ($ok) { $r->header_out('Auth-Server', '127.0.0.1'); $r->header_out('Auth-Port', '9'); }
    else { $r->header_out('Auth-Wait', '1'); }
    $r->send_http_header('text/plain');
    return OK;
}

1;
