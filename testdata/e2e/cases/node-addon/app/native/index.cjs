const path = require('node:path');
module.exports = require(path.join(__dirname, 'build', process.config.target_defaults?.default_configuration ?? 'Release', 'fib.node'));
