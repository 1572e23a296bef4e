(define-module (app page) #:use-module (sxml simple) #:use-module (sxml xpath) #:export (page))
(define (page)
  (sxml->xml '(p (@ (class "x")) "a < b")) (newline)
  (write ((sxpath '(// b *text*)) (xml->sxml "<a><b>t</b></a>"))) (newline))
