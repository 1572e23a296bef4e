<?php
namespace docker {
	function adminer_object() {
		require_once '/usr/share/adminer/plugins/plugin.php';

		class Adminer extends \AdminerPlugin {
			function loginForm() {
				ob_start();
				$return = \Adminer::loginForm();
				$form = ob_get_clean();
				echo str_replace('name="auth[server]" value="" title="hostname[:port]"', 'name="auth[server]" value="' . ($_ENV['ADMINER_DEFAULT_SERVER'] ?? getenv('ADMINER_DEFAULT_SERVER')) . '" title="hostname[:port]"', $form);
				return $return;
			}
		}

		$plugins = [];
		foreach (glob('plugins-enabled/*.php') as $plugin) {
			$plugins[] = require($plugin);
		}
		return new Adminer($plugins);
	}
}

namespace {
	if (basename($_SERVER['DOCUMENT_URI'] ?? $_SERVER['REQUEST_URI']) === 'adminer.css' && is_readable('adminer.css')) {
		header('Content-Type: text/css');
		readfile('adminer.css');
		exit;
	}

	function adminer_object() {
		return \docker\adminer_object();
	}

	include '/usr/share/adminer/adminer.php';
}
