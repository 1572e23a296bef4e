import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import view from '@fastify/view';
import fp from 'fastify-plugin';

const root = fileURLToPath(new URL('..', import.meta.url));

export default fp(async (fastify) => {
  const { default: handlebars } = await import('handlebars');
  handlebars.registerHelper('money', (n) => new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(n));
  fastify.register(view, { engine: { handlebars }, root: `${root}views`, layout: 'layout.hbs', options: { partials: { item: 'item.hbs' } } });
  fastify.register(fastifyStatic, { root: `${root}public`, prefix: '/public/', preCompressed: true, maxAge: '1h' });
  fastify.decorate('motto', readFileSync(`${root}views/motto.txt`, 'utf8').trim());
});
