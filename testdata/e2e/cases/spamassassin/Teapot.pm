package Teapot;
use strict;
use warnings;
use Mail::SpamAssassin::Plugin;
use Digest::SHA qw(sha1_hex);
our @ISA = qw(Mail::SpamAssassin::Plugin);

sub new {
    my ($class, $main) = @_;
    my $self = bless $class->SUPER::new($main), $class;
    $self->register_eval_rule('check_teapot', $Mail::SpamAssassin::Conf::TYPE_BODY_EVALS);
    return $self;
}

sub check_teapot {
    my ($self, $status) = @_;
    return grep { substr(sha1_hex($_), 0, 1) ne '' && /short and stout/ } @{ $status->get_decoded_stripped_body_text_array };
}
1;
