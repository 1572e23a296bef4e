namespace eval pages {}

proc pages::answer {method target headers body} {
    array set part [uri::split "http://x$target"]
    set query [ncgi::nvlist]
    array set arg {}
    foreach pair [split $part(query) &] { lassign [split $pair =] key value; set arg($key) [encoding convertfrom utf-8 [ncgi::decode $value]] }
    if {[info exists arg(lang)]} { msgcat::mclocale $arg(lang); msgcat::mcload $::shop::here/msgs } else { msgcat::mclocale en }
    switch -glob -- "$method /$part(path)" {
        "GET /" { return [list "200 OK" text/html [page]] }
        "GET /items.json" {
            json::write indented 0
            set items [lmap {name price} [store all] { json::write object name [json::write string $name] price $price }]
            return [list "200 OK" application/json [json::write array {*}$items]]
        }
        "GET /items.xml" { return [list "200 OK" application/xml [xml]] }
        "POST /items" {
            if {[catch {set got [json::json2dict $body]; store add [dict get $got name] [dict get $got price]} problem options]} {
                return [list "400 Bad" text/plain "$problem ([dict get $options -errorcode])\n"]
            }
            return [list "201 Created" text/plain "sum [store sum]\n"]
        }
        "GET /gcd" { package require fast; return [list "200 OK" text/plain "[fast::gcd $arg(a) $arg(b)]\n"] }
        "GET /markdown" { package require Markdown; return [list "200 OK" text/html [Markdown::convert $arg(text)]] }
        "GET /time" { return [list "200 OK" text/plain "[clock format 1700000000 -format {%A %d %B %Y %H:%M %Z} -timezone :Europe/Berlin -locale de]\n"] }
        default { return [list "404 None" text/plain "no $part(path)\n"] }
    }
}

proc pages::page {} {
    set rows [lmap {name price} [store all] { html::row [html::html_entities $name] [format %.2f $price] }]
    return "<h1>[shop::title]</h1><table>[join $rows {}]</table>"
}

proc pages::xml {} {
    set doc [dom createDocument items]
    foreach {name price} [store all] {
        set node [$doc createElement item]
        $node setAttribute price $price
        $node appendChild [$doc createTextNode $name]
        [$doc documentElement] appendChild $node
    }
    set text [$doc asXML -indent none]
    $doc delete
    return $text
}
