<?php
// Writes the file that makes one plugin, without arguments.
$name = preg_replace('/[^a-z0-9-]/', '', $argv[1]);
foreach (['/usr/local/share/adminer-plugins', '/usr/share/adminer/plugins'] as $dir) {
	if (is_file("$dir/$name.php")) {
		$file = "$dir/$name.php";
		break;
	}
}
if (!isset($file)) {
	fwrite(STDERR, "Unable to load plugin file \"$name\", because it does not exist.\n");
	exit(1);
}
$class = 'Adminer' . str_replace(' ', '', ucwords(str_replace('-', ' ', $name)));
echo "<?php\nrequire_once('$file');\n\nreturn new $class;\n";
