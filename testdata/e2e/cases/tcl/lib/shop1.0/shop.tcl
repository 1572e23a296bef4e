package require sqlite3
package require struct::list
package require msgcat

namespace eval ::shop {
    namespace export open add report
    variable here [file dirname [file normalize [info script]]]
    ::msgcat::mcload [file join $here msgs]
}

oo::class create ::shop::Store {
    variable db
    constructor {path} {
        set db [self namespace]::db
        sqlite3 $db $path
        $db eval {create table if not exists item (name text primary key, price real)}
    }
    destructor { catch {$db close} }
    method add {name price} {
        if {![string is double -strict $price]} { throw {SHOP PRICE} "bad price \"$price\"" }
        $db eval {insert or replace into item values ($name, $price)}
    }
    method all {} { $db eval {select name, price from item order by name} }
    method sum {} { $db onecolumn {select coalesce(sum(price), 0) from item} }
}

proc ::shop::title {} { ::msgcat::mc "Price list" }

package provide shop 1.0
