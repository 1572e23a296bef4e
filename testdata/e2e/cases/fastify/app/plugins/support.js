'use strict';

const fp = require('fastify-plugin');

// What every route may use; the parsers and the decorators are found by name.
const names = ['sensible', 'cookie', 'formbody', 'compress', 'cors', 'helmet'];
module.exports = fp(
  async (fastify) => {
    for (const name of names) await fastify.register(require(`@fastify/${name}`), name === 'compress' ? { threshold: 500 } : {});
    await fastify.register(require('@fastify/multipart'), { limits: { fileSize: 2000 } });
    await fastify.register(require('@fastify/rate-limit'), { global: false });
    fastify.decorate('price', (item) => ({ tea: 3.5, cup: 12 })[item]);
    fastify.setErrorHandler((error, request, reply) => {
      request.log.warn({ reason: error.message }, 'failed');
      const status = error.statusCode ?? 500;
      reply.code(status).send({ status, code: error.code, message: error.message, where: error.validation?.map((v) => [v.instancePath, v.keyword]) });
    });
  },
  { name: 'support' },
);
