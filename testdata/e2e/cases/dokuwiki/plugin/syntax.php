<?php
class syntax_plugin_hello extends DokuWiki_Syntax_Plugin
{
    public function getType() { return 'substition'; }
    public function getSort() { return 32; }
    public function connectTo($mode) { $this->Lexer->addSpecialPattern('~~HELLO [^~]*~~', $mode, 'plugin_hello'); }
    public function handle($match, $state, $pos, Doku_Handler $handler) { return [substr($match, 8, -2)]; }
    public function render($format, Doku_Renderer $renderer, $data)
    {
        if ($format === 'xhtml') $renderer->doc .= '<p class="hello">' . hsc(mb_strtoupper($data[0])) . '</p>';
        return $format === 'xhtml';
    }
}
