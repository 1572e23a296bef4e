<?php
/*
Plugin Name: Shop
Description: A short code, a route and a filter.
Version: 1.0
*/
add_shortcode('price', function ($atts) { return '<b>' . number_format_i18n((float) ($atts['of'] ?? 0), 2) . ' EUR</b>'; });
add_filter('the_title', function ($title) { return str_replace('tea', 'Tea', $title); });
add_action('rest_api_init', function () {
    register_rest_route('shop/v1', '/extensions', ['methods' => 'GET', 'permission_callback' => '__return_true', 'callback' => function () {
        return ['editor' => _wp_image_editor_choose(), 'intl' => class_exists('Collator') ? (new Collator('de'))->compare('ä', 'b') : null,
            'zip' => class_exists('ZipArchive'), 'curl' => function_exists('curl_init'), 'xml' => simplexml_load_string('<a><b>1</b></a>')->b == '1',
            'db' => $GLOBALS['wpdb']->get_var('select upper("ä")'), 'mb' => mb_convert_case('straße', MB_CASE_UPPER)];
    }]);
});
