package Notes::Plugin::Shout;
use Mojo::Base 'Mojolicious::Plugin', -signatures;

sub register ($self, $app, $conf) {
  $app->helper(shout => sub ($c, $text) { uc($text) . '!' });
}
1;
