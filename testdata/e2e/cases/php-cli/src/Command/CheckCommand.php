<?php
namespace App\Command;

use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

class CheckCommand extends Command
{
    protected function configure(): void { $this->setName('check')->setDescription('Tries the extensions'); }

    protected function execute(InputInterface $in, OutputInterface $out): int
    {
        $db = new \PDO('sqlite::memory:');
        $zip = new \ZipArchive();
        $zip->open('/tmp/z.zip', \ZipArchive::CREATE); $zip->addFromString('a', 'b'); $zip->close();
        $xsl = new \DOMDocument(); $xsl->loadXML('<a><b/></a>');
        $lines = [
            $db->query('select sqlite_version() > "3"')->fetchColumn(), bcpow('2', '100'), mb_strimwidth('日本語テキスト', 0, 7, '…'),
            json_encode(['é' => 1.5]), hash('xxh3', 'a'), base64_encode(random_bytes(3)) !== '', filesize('/tmp/z.zip') > 20,
            $xsl->getElementsByTagName('b')->length, \Normalizer::normalize("e\u{301}") === 'é', transliterator_transliterate('Any-Latin; Latin-ASCII', 'Москва'),
            (new \DateTime('@0'))->setTimezone(new \DateTimeZone('Australia/Sydney'))->format('c'), function_exists('openssl_encrypt'),
            openssl_digest('a', 'sha3-256'), ctype_alpha('abc'), preg_match('/\p{Greek}+/u', 'αβγ'), iconv('UTF-8', 'UTF-16BE', 'a') === "\0a",
        ];
        foreach ($lines as $line) $out->writeln(var_export($line, true));
        $out->writeln(shell_exec('echo from the shell'));
        throw new \LogicException('on purpose');
    }
}
