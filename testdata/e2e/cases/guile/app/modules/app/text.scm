(define-module (app text) #:use-module (srfi srfi-13) #:export (shout))
(define (shout s) (string-append (string-upcase s) "! " (number->string (string-length (string-normalize-nfd s)))))
