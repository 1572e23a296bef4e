<?php
declare(strict_types=1);
require __DIR__ . '/lib/pages.php';
session_start();
$_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1;
echo page($_GET['page'] ?? 'home'), "\n";
