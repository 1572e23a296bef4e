<?php
define('ROOT', dirname(__DIR__));
spl_autoload_register(fn ($c) => require ROOT . '/src/' . str_replace('\\', '/', $c) . '.php');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$route = trim($path, '/') ?: 'home';
$class = 'Page\\' . ucfirst($route);
if (!preg_match('/^[a-z]+$/', $route) || !is_file(ROOT . "/src/Page/" . ucfirst($route) . '.php')) {
    http_response_code(404);
    exit("no page\n");
}
header('Content-Type: text/plain; charset=utf-8');
echo (new $class())->text(), "\n";
