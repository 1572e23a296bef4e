import { describe, expect, it } from 'vitest';
import { readSource } from './source-text.ts';

describe('readSource', () => {
  it.each([
    {
      summary: 'Java: imports, one or all, and literals; comments do not count',
      text: 'import java.awt.Color;\nimport javax.sound.sampled.*;\n// import java.sql.Date;\n/* javax.swing.X */ String s = "/etc/a\\"b";',
      source: {
        classes: ['java/awt/Color', 'javax/sound/sampled/'],
        strings: ['/etc/a\\"b'],
        isStarting: false,
      },
    },
    {
      summary: 'Groovy: a string that is executed',
      text: "println 'ls -l'.execute().text",
      source: { classes: [], strings: ['ls -l'], isStarting: true },
    },
    {
      summary: 'Clojure: a package with its classes behind it',
      text: '(import [java.awt Color])\n; (java.io.File.)\n(clojure.java.shell/sh "date")',
      source: { classes: ['java/awt/'], strings: ['date'], isStarting: true },
    },
    { summary: 'an empty file', text: '', source: { classes: [], strings: [], isStarting: false } },
  ])('$summary', ({ text, source }) => {
    expect(readSource(text)).toEqual(source);
  });
});
