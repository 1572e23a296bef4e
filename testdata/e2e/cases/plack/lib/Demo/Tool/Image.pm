package Demo::Tool::Image;
use Moo;
use Image::Magick;

sub run {
    my $i = Image::Magick->new(size => '8x4');
    $i->Read('xc:red'); $i->Resize(width => 4, height => 2);
    join ' ', $i->Get('width'), $i->Get('height'), length(($i->ImageToBlob(magick => 'PNG'))[0]) > 50 ? 'png' : 'none';
}
1;
