<?php
$conf['title'] = '@TITLE@';
$conf['lang'] = 'en';
$conf['license'] = 'cc-by-sa';
$conf['useacl'] = 1;
$conf['superuser'] = '@admin';
$conf['disableactions'] = 'register';
$conf['userewrite'] = 1;
$conf['useslash'] = 1;
$conf['savedir'] = '/var/lib/dokuwiki/data';
$conf['updatecheck'] = 0;
$conf['remote'] = 1;
$conf['remoteuser'] = '';
$conf['im_convert'] = '';
