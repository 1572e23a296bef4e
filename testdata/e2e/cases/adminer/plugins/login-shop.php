<?php
/** Lets SQLite databases of the shop be opened with one password. */
class AdminerLoginShop {
	function credentials() {
		$password = get_password();
		return array(SERVER, $_GET["username"], $password === (getenv('SHOP_PASSWORD') ?: 'secret') ? "" : $password);
	}
	function login($login, $password) {
		return $password != "";
	}
	function databases($flush = true) {
		return glob('/var/lib/shop/*.db');
	}
	function name() {
		return 'The shop';
	}
}
