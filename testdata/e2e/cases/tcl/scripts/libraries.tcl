# One line for each library that the image is there for.
proc try_it {name script} { if {[catch {uplevel #0 $script} result]} { set result "FAILED: [lindex [split $result \n] 0]" }; puts "$name: $result" }
try_it sha256 { package require sha256; sha2::sha256 -hex abc }
try_it base64 { package require base64; base64::encode [string repeat ab 9] }
try_it uuid { package require uuid; string length [uuid::uuid generate] }
try_it csv { package require csv; csv::split {a,"b, c",d} }
try_it yaml { package require yaml; yaml::yaml2dict "a: 1\nb:\n  - x\n  - y" }
try_it json { package require json; json::json2dict {{"a": [1, {"b": null}], "c": "\u00fc"}} }
try_it matrix { package require struct::matrix; struct::matrix m; m add columns 2; m add row {1 2}; m add row {3 4}; m transpose; m serialize }
try_it graph { package require struct::graph; struct::graph g; g node insert a b; g arc insert a b e; g arcs }
try_it tree { package require struct::tree; struct::tree t; t insert root end x; t children root }
try_it set { package require struct::set; struct::set union {a b} {b c} }
try_it statistics { package require math::statistics; format %.3f [math::statistics::stdev {1 2 3 4}] }
try_it bignum { package require math::bigfloat; package require math::fuzzy; expr {2 ** 100} }
try_it calculus { package require math::linearalgebra; math::linearalgebra::matmul {{1 2} {3 4}} {{1 0} {0 1}} }
try_it textutil { package require textutil; textutil::adjust "the quick brown fox jumps over" -length 12 }
try_it mime { package require mime; set t [mime::initialize -canonical text/plain -string "hällo" -encoding base64]; set b [mime::getbody $t]; mime::finalize $t; set b }
try_it crc { package require crc32; crc::crc32 -format %x hello }
try_it aes { package require aes; binary encode hex [aes::aes -mode ecb -dir encrypt -key [string repeat k 16] [string repeat p 16]] }
try_it zip { package require zipfile::mkzip; zipfile::mkzip::mkzip /tmp/a.zip -directory /work; file exists /tmp/a.zip }
try_it vfs { package require vfs::zip; vfs::zip::Mount /tmp/a.zip /zip; set f [open /zip/a.txt]; set r [read $f]; close $f; string trim $r }
try_it gzip { string length [zlib gunzip [zlib gzip [string repeat x 500]]] }
try_it tdom { package require tdom; set d [dom parse {<a><b c="1">x</b><b c="2">y</b></a>}]; $d selectNodes {string(//b[@c=2])} }
try_it xslt { set x [dom parse {<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><o><xsl:value-of select="count(//b)"/></o></xsl:template></xsl:stylesheet>}]; $d xslt $x r; $r asXML -indent none }
try_it html5 { [dom parse -html {<p>a<br>b}] asXML -indent none }
try_it sqlite { package require sqlite3; sqlite3 db :memory:; db function twice {apply {x {expr {$x * 2}}}}; db eval {with n(i) as (values(1),(2)) select twice(i) from n} }
try_it thread { package require Thread; set t [thread::create]; thread::send $t {expr 6 * 7} }
try_it tls { package require tls; expr {[llength [tls::ciphers tls1.2]] > 0} }
try_it trf { package require Trf; binary encode hex [md5 abc] }
try_it udp { package require udp; set u [udp_open]; close $u; string match sock* $u }
try_it itcl { package require Itcl; itcl::class A { method hi {} { return hi } }; [A #auto] hi }
try_it oo { oo::class create P { method x {} { return [self class] } }; [P new] x }
try_it ip { package require ip; ip::contract [ip::normalize 2001:db8::1] }
try_it dns { package require dns; dns::configure -protocol }
try_it cmdline { package require cmdline; set a {-n 3 rest}; array set o [cmdline::getoptions a {{n.arg 1 count}}]; list $o(n) $a }
try_it snit { package require snit; snit::type Cup { option -size 3; method size {} { return $options(-size) } }; [Cup %AUTO% -size 5] size }
try_it http { package require http; http::formatQuery a "b c" d ü }
try_it tcltest { package require tcltest; tcltest::test one {adds} -body { expr 1 + 1 } -result 2; set tcltest::numTests(Passed) }
try_it profiler { package require profiler; info commands profiler::init }
try_it doctools { package require doctools; doctools::new dt -format text; string length [dt format {[manpage_begin x n 1][description] Hello [manpage_end]}] }
try_it markdown { package require Markdown; string trim [Markdown::convert "*a* `b`"] }
try_it grammar { package require pt::pgen; expr {[string length [pt::pgen peg {PEG a (A) A <- 'x'; END;} snit]] > 100} }
try_it soundex { package require soundex; soundex::knuth Knuth }
try_it encodings { encoding convertto shiftjis \u3042 ; string length [encoding convertto iso2022-jp \u3042] }
try_it locales { clock format 0 -format {%A %B} -locale fr -gmt 1 }
try_it zones { lmap z {America/New_York Asia/Kolkata :UTC} { clock format 0 -format {%H:%M} -timezone $z } }
try_it none { package require nonesuch }
try_it fast { package require fast; fast::gcd 12 18 }
try_it shop { package require shop; shop::Store create s :memory:; s add x abc }
