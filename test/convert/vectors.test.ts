import { describe, expect, it } from 'vitest';
import { convertVector, differences, vectors } from './vectors.ts';

describe('the mapping vectors', () => {
  it.each(vectors.map((vector) => [`${vector.n} ${vector.dialect}: ${vector.title}`, vector] as const))('%s', (_, vector) => {
    expect(differences(vector, convertVector(vector))).toEqual([]);
  });
});
