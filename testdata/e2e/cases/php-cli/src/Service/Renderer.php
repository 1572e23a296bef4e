<?php
namespace App\Service;

class Renderer
{
    public function render(string $name, string $locale): string
    {
        $twig = new \Twig\Environment(new \Twig\Loader\FilesystemLoader(__DIR__ . '/../../templates'), ['cache' => '/tmp/twig']);
        $money = new \NumberFormatter($locale, \NumberFormatter::CURRENCY);
        return $twig->render('report.txt.twig', ['name' => $name, 'total' => $money->formatCurrency(1234.5, 'EUR')]);
    }
}
