import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import fastify from 'fastify';
import statics from '@fastify/static';
import { z } from 'zod';
import native from '#native';
import { words } from '#text';

const require = createRequire(import.meta.url);
const app = fastify({ logger: { level: 'warn' } });
app.register(statics, { root: fileURLToPath(new URL('../public', import.meta.url)), prefix: '/static/' });
app.get('/', async (_, reply) => {
  const { default: Handlebars } = await import('handlebars');
  const page = Handlebars.compile(readFileSync(new URL('../views/page.hbs', import.meta.url), 'utf8'));
  return reply.type('text/html').send(page({ title: require('../package.json').name, words }));
});
app.get('/fib/:n', async ({ params }) => String(native.fib(z.coerce.number().int().min(0).max(90).parse(params.n))));
app.get('/worker/:n', ({ params }) => new Promise((resolve, reject) => {
  new Worker(new URL('./worker.mjs', import.meta.url), { workerData: Number(params.n) }).on('message', resolve).on('error', reject);
}));
app.get('/picture', async (_, reply) => {
  const { default: sharp } = await import('sharp');
  const svg = Buffer.from('<svg width="20" height="10"><rect width="20" height="10" fill="red"/></svg>');
  const { info } = await sharp(svg).resize(10).webp().toBuffer({ resolveWithObject: true });
  const raw = await sharp(svg).resize(4, 2).raw().toBuffer();
  return reply.send({ format: info.format, width: info.width, raw: raw.toString('hex').slice(0, 16) });
});
app.post('/check', { schema: { body: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } } }, async ({ body }) => body);
app.get('/intl', async () => [new Intl.NumberFormat('de').format(1234.5), new Date(0).toLocaleString('ja-JP', { timeZone: 'Asia/Tokyo' })]);
await app.listen({ host: '0.0.0.0', port: Number(process.env.PORT) });
console.log('listening');
