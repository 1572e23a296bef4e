import { describe, expect, it } from 'vitest';
import { layerOrigins } from './layer-origin.ts';

describe('layerOrigins', () => {
  const rows = [
    {
      summary: "BuildKit's COPY and RUN above a base",
      count: 3,
      history: [
        { created_by: 'debuerreotype' },
        { created_by: 'RUN /bin/sh -c make # buildkit' },
        { created_by: 'COPY app /app # buildkit' },
      ],
      kinds: ['base', 'built', 'copied'],
    },
    {
      summary: "the legacy builder's nop entries, empty layers left out",
      count: 2,
      history: [
        { created_by: '/bin/sh -c #(nop) ADD file:1 in / ' },
        { created_by: '/bin/sh -c #(nop)  CMD ["bash"]', empty_layer: true },
        { created_by: '/bin/sh -c #(nop) COPY file:2 in /srv ' },
      ],
      kinds: ['base', 'copied'],
    },
    {
      summary: 'an image from scratch: its one layer is what was copied',
      count: 1,
      history: [{ created_by: 'COPY app /app # buildkit' }],
      kinds: ['copied'],
    },
    {
      summary: 'history that does not match the layers says nothing',
      count: 2,
      history: [{ created_by: 'COPY a /b' }],
      kinds: ['base', 'built'],
    },
    { summary: 'no layers', count: 0, history: [], kinds: [] },
  ];
  it.each(rows)('$summary', ({ count, history, kinds }) => {
    expect(layerOrigins(count, history).map(({ kind }) => kind)).toEqual(kinds);
  });
});
