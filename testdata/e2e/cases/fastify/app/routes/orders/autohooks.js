'use strict';

module.exports = async (fastify) => {
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-shop', 'orders');
  });
};
