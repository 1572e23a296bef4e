<?php
namespace Page;

class Tools
{
    public function text(): string
    {
        $image = imagecreatetruecolor(10, 10);
        imagestring($image, 2, 0, 0, 'x', 0xffffff);
        ob_start(); imagewebp($image); $webp = ob_get_clean();
        try { new \mysqli('127.0.0.1', 'u', 'p', 'd', 9); } catch (\mysqli_sql_exception $e) { $db = $e->getMessage(); }
        return implode("\n", [substr($webp, 8, 4), $db, extension_loaded('redis') ? 'redis' : '', opcache_get_status(false)['opcache_enabled'] ? 'opcache' : '',
            hash('crc32b', 'a'), (new \DateTime('@0', new \DateTimeZone('UTC')))->setTimezone(new \DateTimeZone('Africa/Cairo'))->format('c'), random_int(5, 5)]);
    }
}
