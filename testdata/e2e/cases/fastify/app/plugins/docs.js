'use strict';

const fp = require('fastify-plugin');

module.exports = fp(async (fastify) => {
  fastify.register(require('@fastify/swagger'), { openapi: { info: { title: 'Shop', version: require('../package.json').version } } });
  fastify.register(require('@fastify/websocket'));
});
