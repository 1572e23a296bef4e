'use strict';

const schemas = ['order', 'answer'].map((name) => require(`../../schemas/${name}.json`));

module.exports = async (fastify) => {
  for (const schema of schemas) fastify.addSchema(schema);
  const orders = [];
  fastify.post('/', { schema: { body: { $ref: 'order#' }, response: { 201: { $ref: 'answer#' } } } }, async (request, reply) => {
    const price = fastify.price(request.body.item);
    if (price === undefined) throw fastify.httpErrors.notFound(`no ${request.body.item}`);
    orders.push(request.body);
    reply.code(201).header('location', `/orders/${orders.length}`);
    return { id: orders.length, total: price * request.body.n, hidden: 'not sent' };
  });
  fastify.get('/mine', { onRequest: [fastify.member] }, async (request) => ({ user: request.user.name, n: orders.length }));
  fastify.post('/login', async (request, reply) => {
    if (request.body?.password !== 'secret') return reply.unauthorized('wrong password');
    const token = fastify.jwt.sign({ name: request.body.name, iat: 1700000000 });
    return reply.setCookie('token', token, { path: '/', httpOnly: true }).send({ token });
  });
  fastify.post('/file', async (request) => {
    const parts = [];
    for await (const part of request.parts()) parts.push(part.file ? [part.filename, part.mimetype, (await part.toBuffer()).length] : [part.fieldname, part.value]);
    return parts;
  });
};
