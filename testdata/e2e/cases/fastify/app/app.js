'use strict';

const path = require('node:path');
const AutoLoad = require('@fastify/autoload');

module.exports.options = { ajv: { customOptions: { coerceTypes: 'array' }, plugins: [require('ajv-formats')] }, trustProxy: true };

module.exports = async function (fastify, opts) {
  fastify.register(AutoLoad, { dir: path.join(__dirname, 'plugins'), options: { ...opts } });
  fastify.register(AutoLoad, { dir: path.join(__dirname, 'routes'), options: { ...opts }, autoHooks: true, cascadeHooks: true, routeParams: true });
};
