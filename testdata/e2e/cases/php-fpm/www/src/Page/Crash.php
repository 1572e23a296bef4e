<?php
namespace Page;

class Crash
{
    public function text(): string { return strrev(throw new \DomainException('on purpose')); }
}
