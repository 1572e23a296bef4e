rule shop_rule
{
    strings:
        $a = "yara-shop-marker" nocase
        $b = { 74 65 61 ?? 63 75 70 }
    condition:
        $a and #b > 1
}
