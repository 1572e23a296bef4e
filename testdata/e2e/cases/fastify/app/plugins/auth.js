'use strict';

const fp = require('fastify-plugin');

module.exports = fp(
  async (fastify) => {
    fastify.register(require('@fastify/jwt'), { secret: process.env.JWT_SECRET, cookie: { cookieName: 'token', signed: false } });
    fastify.decorate('member', async (request) => {
      await request.jwtVerify();
    });
  },
  { dependencies: ['support'] },
);
