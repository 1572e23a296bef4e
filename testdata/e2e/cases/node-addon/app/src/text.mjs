import { readFile } from 'node:fs/promises';
export const words = JSON.parse(await readFile(new URL('../data/words.json', import.meta.url)));
