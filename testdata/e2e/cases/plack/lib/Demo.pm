package Demo;
use Dancer2;
use DBI;
use Encode;
use Module::Load;

my $db = DBI->connect('dbi:SQLite::memory:');
$db->do('create table t (x)');

get '/' => sub { template index => { words => ['a', "\x{fc}"] } };
get '/json' => sub { send_as JSON => { n => [1, 2, "x"] } };
get '/tool/:name' => sub {
    my $class = 'Demo::Tool::' . ucfirst lc route_parameters->get('name');
    eval { load $class; 1 } or send_error('no tool', 404);
    $class->new->run;
};
post '/add' => sub { $db->do('insert into t values (?)', {}, body_parameters->get('x')); $db->selectrow_array('select group_concat(x) from t') };
get '/crash' => sub { die "on purpose\n" };
1;
