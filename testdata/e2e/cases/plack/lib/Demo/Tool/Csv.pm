package Demo::Tool::Csv;
use Moo;
use Text::CSV;

sub run { my $c = Text::CSV->new({ binary => 1 }); $c->parse('a,"b,c",d'); join '|', $c->fields }
1;
