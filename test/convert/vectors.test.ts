import { describe, expect, it } from 'vitest';
import { convertVector, differences, type Vector, vectors } from './vectors.ts';

/** What these expect depends on the other spans of the trace: assembly's tests show it. */
const needTrace: ReadonlySet<number> = new Set([46, 69]);
/** The tables of Dify's trace types (mapping §19); spans that Dify sends through the LangSmith SDK are plain LangSmith spans. */
const ofDifyTables = ({ dialect, n }: Vector): boolean => dialect === 'dify' && n !== 106;

const shown = vectors.filter((vector) => !needTrace.has(vector.n) && !ofDifyTables(vector));

describe('the mapping vectors', () => {
  it.each(shown.map((vector) => [`${vector.n} ${vector.dialect}: ${vector.title}`, vector] as const))('%s', (_, vector) => {
    expect(differences(vector, convertVector(vector))).toEqual([]);
  });
});
