import { readFileSync } from 'node:fs';

const BLOCK = /(<!-- example: ([\w-]+\.ts) -->\n)```ts\n(?:(?!```).*\n)*```/g;

/** Returns a page with the examples that it shows as they are in `examples`. @param {string} page @returns {string} */
export function withExamples(page) {
  return page.replace(BLOCK, (_, marker, name) => {
    const code = readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
    return `${marker}\`\`\`ts\n${code.trimEnd()}\n\`\`\``;
  });
}
