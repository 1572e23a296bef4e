<?php
namespace App\Command;

use App\Service\Renderer;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\Table;
use Symfony\Component\Console\Input\{InputArgument, InputInterface, InputOption};
use Symfony\Component\Console\Output\OutputInterface;

class ReportCommand extends Command
{
    protected function configure(): void
    {
        $this->setName('report')->setDescription('Renders a report')
            ->addArgument('name', InputArgument::REQUIRED)->addOption('locale', 'l', InputOption::VALUE_REQUIRED, '', 'en');
    }

    protected function execute(InputInterface $in, OutputInterface $out): int
    {
        (new Table($out))->setHeaders(['k', 'v'])->setRows([['größe', 1], ['x', 22]])->render();
        $out->write((new Renderer())->render($in->getArgument('name'), $in->getOption('locale')));
        return 0;
    }
}
