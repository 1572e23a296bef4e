package Notes::Controller::Page;
use Mojo::Base 'Mojolicious::Controller', -signatures;
use DBI;
use DateTime;

my $db = DBI->connect('dbi:SQLite:dbname=:memory:', '', '', {RaiseError => 1});
$db->do('create table note (text)');

sub home ($self) { $self->render(name => $self->config->{name}) }
sub json ($self) { $self->render(json => {n => [1, 2.5], t => "\x{e9}"}) }
sub crash ($self) { die "on purpose\n" }

sub add ($self) {
  my $v = $self->validation;
  return $self->render(json => {failed => $v->failed}, status => 422) unless $v->required('text')->size(2, 10)->is_valid;
  $db->do('insert into note values (?)', {}, $v->param('text'));
  $self->render(text => $db->selectrow_array('select count(*) from note'));
}

sub when ($self) {
  my $d = DateTime->from_epoch(epoch => 86400, time_zone => 'Asia/Tokyo', locale => 'de');
  $self->render(text => $d->strftime('%A %d %B %Y %H:%M %z'));
}
1;
