<?php
require_once 'Symfony/Component/Console/autoload.php';
require_once 'Twig/autoload.php';
spl_autoload_register(function (string $class): void {
    if (strncmp($class, 'App\\', 4) === 0) {
        require __DIR__ . '/../src/' . strtr(substr($class, 4), '\\', '/') . '.php';
    }
});
