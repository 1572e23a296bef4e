<?php
namespace Page;

class Session
{
    public function text(): string { session_start(); return 'visit ' . ($_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1); }
}
