const { readFile } = require('node:fs/promises');
const path = require('node:path');
const router = require('express').Router();

router.get('/:name', async (req, res, next) => {
  try {
    const { marked } = await import('marked');
    const text = await readFile(path.join(__dirname, '../content', `${path.basename(req.params.name)}.md`), 'utf8');
    res.render('note', { html: marked.parse(text) });
  } catch (error) {
    error.status = error.code === 'ENOENT' ? 404 : 500;
    error.message = error.code ?? error.message;
    next(error);
  }
});

module.exports = router;
