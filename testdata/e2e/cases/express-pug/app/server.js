const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const express = require('express');
const i18n = require('i18n');

const app = express();
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'pug');
app.engine('ejs', require('ejs').renderFile);
i18n.configure({ locales: ['en', 'de'], directory: path.join(__dirname, 'locales'), updateFiles: false });
app.use(require('helmet')());
app.use(require('compression')({ threshold: 200 }));
app.use(require('morgan')(':method :url :status'));
app.use(require('cookie-parser')('secret'));
app.use(require('express-session')({ secret: 'secret', resave: false, saveUninitialized: false }));
app.use(express.json(), express.urlencoded({ extended: true }));
app.use(i18n.init);
app.use('/static', express.static(path.join(__dirname, 'public'), { maxAge: '1h' }));
// Each file of routes serves the path of its name.
for (const file of fs.readdirSync(path.join(__dirname, 'routes')).sort()) {
  app.use(`/${path.basename(file, '.js')}`, require(path.join(__dirname, 'routes', file)));
}
app.get('/', (req, res) => {
  req.session.visits = (req.session.visits ?? 0) + 1;
  res.render('home', { title: 'Tea', visits: req.session.visits, items: ['green', 'black'] });
});
app.get('/health', (_req, res) => res.send('ok'));
app.use((req, res) => res.status(404).render('error.ejs', { code: 404, text: req.path }));
app.use((err, _req, res, _next) => {
  res.status(err.status ?? 500).format({
    json: () => res.json({ error: err.message }),
    default: () => res.render('error.ejs', { code: err.status ?? 500, text: err.message }),
  });
});

const server = http.createServer(app);
const { Server } = require('socket.io');
new Server(server).on('connection', (socket) => socket.on('say', (text, done) => done(`heard ${text}`)));
server.listen(process.env.PORT, () => console.log(`listening on ${process.env.PORT}`));
process.on('SIGTERM', () => process.exit(0));
