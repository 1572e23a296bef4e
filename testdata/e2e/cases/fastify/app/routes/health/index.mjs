export default async function (fastify) {
  fastify.get('/', { logLevel: 'silent' }, async () => ({ ok: true, routes: fastify.hasRoute({ url: '/orders', method: 'POST' }) }));
}
