const { get } = require('node:http');

get(`http://localhost:${process.env.PORT}/health`, (res) => process.exit(res.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1));
