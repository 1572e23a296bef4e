<?php
function page(string $name): string
{
    switch ($name) {
        case 'home': return 'home ' . $_SESSION['n'] . ' ' . php_sapi_name() . ' ' . PHP_MAJOR_VERSION;
        case 'db':
            $db = new PDO('sqlite:/var/www/data/app.db');
            $db->exec('create table if not exists t (x)');
            $db->prepare('insert into t values (?)')->execute(['row']);
            return 'rows ' . $db->query('select count(*) from t')->fetchColumn();
        case 'gd':
            $image = imagecreatetruecolor(20, 10);
            imagefill($image, 0, 0, imagecolorallocate($image, 255, 0, 0));
            ob_start(); imagepng($image); $png = ob_get_clean();
            ob_start(); imagejpeg($image); $jpeg = ob_get_clean();
            return json_encode([getimagesizefromstring($png)[0], strlen($jpeg) > 300, imagecolorat($image, 1, 1)]);
        case 'intl':
            $f = new NumberFormatter('de_DE', NumberFormatter::CURRENCY);
            $d = new IntlDateFormatter('fr_FR', IntlDateFormatter::FULL, IntlDateFormatter::NONE, 'Europe/Paris');
            return $f->formatCurrency(1234.5, 'EUR') . ' ' . $d->format(0);
        case 'text':
            return mb_strtoupper('größe') . ' ' . mb_convert_encoding('é', 'ISO-8859-1') . ' ' . iconv('UTF-8', 'ASCII//TRANSLIT', 'naïve');
        case 'xml':
            $x = new SimpleXMLElement('<a><b n="1">two</b></a>');
            $d = new DOMDocument(); @$d->loadHTML('<p>unclosed');
            return $x->b . ' ' . $d->getElementsByTagName('p')->length;
        case 'time':
            return (new DateTimeImmutable('@86400'))->setTimezone(new DateTimeZone('Asia/Tokyo'))->format('c T');
        case 'curl':
            $c = curl_init('http://127.0.0.1/files/a.txt'); curl_setopt($c, CURLOPT_RETURNTRANSFER, true);
            return 'curl ' . trim((string) curl_exec($c));
        case 'hash': return password_verify('x', password_hash('x', PASSWORD_DEFAULT)) ? 'verified' : 'no';
        case 'crash': throw new RuntimeException('on purpose');
        default: http_response_code(404); return "no page $name";
    }
}
