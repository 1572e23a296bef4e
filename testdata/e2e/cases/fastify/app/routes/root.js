'use strict';

const { DateTime } = require('luxon');
const { Readable } = require('node:stream');

module.exports = async (fastify) => {
  fastify.get('/', async (request, reply) =>
    reply.view('home.hbs', { motto: fastify.motto, items: [{ name: 'tea', price: 3.5 }, { name: '<cup>', price: 1200 }], day: DateTime.fromISO('2024-03-01', { zone: 'Asia/Tokyo' }).setLocale('fr').toLocaleString(DateTime.DATE_FULL) }),
  );
  fastify.get('/docs.json', { schema: { hide: true } }, async () => fastify.swagger());
  fastify.get('/stream', async (request, reply) => reply.type('text/plain').send(Readable.from(Array.from({ length: 200 }, (_, i) => `line ${i}\n`))));
  fastify.get('/crash', async () => {
    throw new Error('broken on purpose');
  });
  fastify.get('/proxy', async () => {
    const { request } = require('undici');
    return request('http://127.0.0.1:9/').then((r) => r.statusCode);
  });
  fastify.get('/limited', { config: { rateLimit: { max: 2, timeWindow: 60000 } } }, async () => 'ok');
  fastify.get('/echo', { websocket: true }, (socket) => {
    socket.on('message', (text) => socket.send(`${text}`.split('').reverse().join('')));
  });
};
