# Names of our own: a tag made of others, and one in a namespace of XMP.
%Image::ExifTool::UserDefined = (
    'Image::ExifTool::Composite' => {
        ShopLabel => {
            Require => { 0 => 'ImageWidth', 1 => 'ImageHeight' },
            ValueConv => '$val[0] * $val[1]',
            PrintConv => '"$val pixels"',
        },
    },
    'Image::ExifTool::XMP::Main' => { shop => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::shop' } } },
);
%Image::ExifTool::UserDefined::shop = (
    GROUPS => { 0 => 'XMP', 1 => 'XMP-shop', 2 => 'Other' },
    NAMESPACE => { shop => 'http://example.org/shop/1.0/' },
    WRITABLE => 'string',
    Price => { Writable => 'real' },
);
1;
