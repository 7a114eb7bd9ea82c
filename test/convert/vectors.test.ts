import { describe, expect, it } from 'vitest';
import { convertVector, differences, vectors } from './vectors.ts';

/** What these expect depends on the other spans of the trace: assembly's tests show it. */
const needTrace: ReadonlySet<number> = new Set([46, 69]);

const shown = vectors.filter((vector) => !needTrace.has(vector.n));

describe('the mapping vectors', () => {
  it.each(shown.map((vector) => [`${vector.n} ${vector.dialect}: ${vector.title}`, vector] as const))('%s', (_, vector) => {
    expect(differences(vector, convertVector(vector))).toEqual([]);
  });
});
