'use strict';

module.exports = async (fastify) => {
  fastify.get('/', { schema: { params: { type: 'object', properties: { id: { type: 'integer', minimum: 1 } } } } }, async (request) => ({ id: request.params.id, type: typeof request.params.id }));
};
