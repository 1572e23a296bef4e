#!/usr/bin/env tarantool
-- A shop: spaces, stored procedures, SQL, a queue of fibers and a text console.
local fiber = require('fiber')
local log = require('log')
prices = require('prices')
checks = require('checks_of_shop')

box.cfg {
    listen = os.getenv('TARANTOOL_PORT'),
    memtx_memory = tonumber(os.getenv('TARANTOOL_MEMTX_MEMORY') or 64 * 1024 * 1024),
    vinyl_memory = 16 * 1024 * 1024,
    checkpoint_count = 1,
    log_level = 5,
}

box.once('shop-1', function()
    box.schema.user.create(os.getenv('TARANTOOL_USER_NAME'), { password = os.getenv('TARANTOOL_USER_PASSWORD') })
    box.schema.user.grant(os.getenv('TARANTOOL_USER_NAME'), 'read,write,execute,create,alter,drop', 'universe')
    local book = box.schema.space.create('book', { format = {
        { 'id', 'unsigned' }, { 'title', 'string' }, { 'price', 'number' }, { 'tags', 'array' } } })
    book:create_index('primary', { sequence = true })
    book:create_index('title', { parts = { { 'title', 'string', collation = 'unicode_ci' } } })
    book:create_index('tag', { parts = { { field = 'tags', type = 'string', path = '[*]' } }, unique = false })
    local area = box.schema.space.create('area')
    area:create_index('primary')
    area:create_index('place', { type = 'rtree', unique = false, parts = { { 2, 'array' } } })
    local cold = box.schema.space.create('cold', { engine = 'vinyl' })
    cold:create_index('primary')
    for i, t in ipairs({ 'Moby-Dick', 'Ähren', 'zebra' }) do
        book:insert({ box.NULL, t, i * 2.5, { 't' .. i, 'all' } })
        area:insert({ i, { i, i, i + 1, i + 1 } })
    end
end)

function report()
    local out = {}
    for _, t in box.space.book.index.title:pairs() do table.insert(out, t.title) end
    return out
end

local console = require('console')
console.listen('0.0.0.0:3302')
fiber.create(function() fiber.name('ready'); log.info('shop is ready') end)
