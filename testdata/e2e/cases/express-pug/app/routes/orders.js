const multer = require('multer');
const dayjs = require('dayjs');
const router = require('express').Router();

const upload = multer({ dest: 'uploads', limits: { fileSize: 1000 } });
const orders = [];
router
  .route('/')
  .get((_req, res) => res.json(orders))
  .post((req, res) => {
    if (!req.body.tea) throw Object.assign(new Error('no tea'), { status: 422 });
    orders.push({ id: orders.length + 1, ...req.body });
    res.status(201).location(`/orders/${orders.length}`).json(orders.at(-1));
  });
router.post('/file', upload.single('file'), (req, res) => res.json({ name: req.file.originalname, size: req.file.size }));
router.get('/day/:lang', (req, res) => {
  require(`dayjs/locale/${req.params.lang}`);
  dayjs.extend(require('dayjs/plugin/advancedFormat'));
  res.send(dayjs('2024-05-01').locale(req.params.lang).format('dddd, Do MMMM YYYY'));
});
router.get('/crash', () => {
  throw new Error('on purpose');
});
router.get('/cookie', (req, res) => {
  res.cookie('plain', 'p').cookie('signed', 's', { signed: true }).send(req.signedCookies.signed ?? 'none');
});

module.exports = router;
