-- What the built-in modules say.
local M = {}
function M.modules()
    local json, yaml, msgpack = require('json'), require('yaml'), require('msgpack')
    local digest, crypto, csv = require('digest'), require('crypto'), require('csv')
    local uri, uuid, iconv = require('uri'), require('uuid'), require('iconv')
    local utf8, pickle, fio = require('utf8'), require('pickle'), require('fio')
    local swim, errno, tap = require('swim'), require('errno'), require('tap')
    fio.mktree('/tmp/x/y')
    return {
        json.encode({ 1, json.NULL, 'ü' }), yaml.decode('a: [1, 2]').a[2], #msgpack.encode({ a = 1 }),
        digest.sha256_hex('tea'), digest.crc32('tea'), digest.base64_encode('tea'),
        digest.md5_hex('tea'), digest.sha1_hex('tea'),
        digest.base64_encode(crypto.cipher.aes128.cbc.encrypt('text', '1234567887654321', 'abcdefghhgfedcba')),
        csv.load('a,"b,c"\n1,2')[1][2], uri.parse('http://a:1/b?c').service, #uuid.str(),
        iconv.new('ISO-8859-1', 'UTF-8')('ü') == '\252', utf8.upper('äß'), utf8.cmp('ä', 'z'),
        pickle.pack('bn', 1, 2):hex(), fio.path.is_dir('/tmp/x/y'), errno.ENOENT, type(swim.new), type(tap.test),
    }
end
function M.fetch(url)
    local r = require('http.client').get(url, { timeout = 2 })
    return { r.status, r.reason }
end
function M.fibers()
    local fiber = require('fiber')
    local channel, out = fiber.channel(2), {}
    for i = 1, 3 do fiber.create(function() fiber.sleep(0.01 * i); channel:put(i * i) end) end
    for _ = 1, 3 do table.insert(out, channel:get(1)) end
    return out
end
return M
