package Demo::Tool::Text;
use Moo;
use utf8;
use Unicode::Normalize;
use POSIX ();
use Time::Piece;
use Digest::SHA 'sha1_hex';
use Storable 'dclone';
use Unicode::UCD 'charinfo';

sub run {
    join ' ', length(NFD('é')), uc('straße'), sha1_hex('a'), gmtime(0)->ymd, dclone([1, 2])->[1], charinfo(0x41)->{name}, 'Ωm' =~ /\p{Greek}/ ? 1 : 0, POSIX::floor(2.5), "\N{GREEK SMALL LETTER BETA}";
}
1;
