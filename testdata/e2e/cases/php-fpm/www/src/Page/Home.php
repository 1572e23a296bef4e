<?php
namespace Page;

class Home
{
    public function text(): string
    {
        return implode(' ', [PHP_SAPI, ini_get('memory_limit'), getenv('APP_ENV'), posix_getpwuid(posix_geteuid())['name'], mb_strlen('größe')]);
    }
}
