package Notes;
use Mojo::Base 'Mojolicious', -signatures;

sub startup ($self) {
  $self->plugin('Config');
  $self->plugin('Notes::Plugin::Shout');
  $self->secrets(['s']);
  my $r = $self->routes;
  $r->get('/')->to('page#home');
  $r->get('/json')->to('page#json');
  $r->post('/add')->to('page#add');
  $r->get('/when')->to('page#when');
  $r->get('/crash')->to('page#crash');
  $r->websocket('/echo' => sub ($c) { $c->on(message => sub ($c, $m) { $c->send("echo $m") }) });
}
1;
