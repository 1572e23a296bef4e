<?php
if ( getenv( 'WIKI_NAME' ) ) {
	$wgSitename = getenv( 'WIKI_NAME' );
}
$wgArticlePath = '/wiki/$1';
$wgUsePathInfo = true;
$wgEnableUploads = true;
$wgFileExtensions[] = 'svg';
$wgUseImageMagick = true;
$wgImageMagickConvertCommand = '/usr/bin/convert';
$wgSVGConverter = 'rsvg';
$wgMaxShellMemory = 0;
$wgJobRunRate = 0;
$wgMainCacheType = CACHE_ACCEL;
$wgDefaultSkin = 'vector';
$wgPygmentizePath = '/usr/bin/pygmentize';
wfLoadSkins( [ 'Vector', 'MonoBook', 'Timeless' ] );
wfLoadExtensions( [ 'ParserFunctions', 'Cite', 'SyntaxHighlight_GeSHi', 'CategoryTree', 'InputBox', 'Gadgets', 'TemplateData', 'Nuke', 'WikiEditor', 'Poem' ] );
