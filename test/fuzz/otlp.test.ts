import { describe, expect, test } from 'vitest';
import { corpus, fuzzJson, fuzzProtobuf, tryJson, tryProtobuf } from './otlp-fuzz.ts';

/** Numbers that look random and are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('the OTLP decoders', () => {
  test.each(corpus('.pb'))('take or refuse $name', ({ body }) => tryProtobuf(body));
  test.each(corpus('.json'))('take or refuse $name', ({ body }) => tryJson(body));

  test('take or refuse damaged protobuf, and nothing else happens', () => {
    expect(fuzzProtobuf(seeded(1), 1_000)).toBeGreaterThan(10);
  });

  test('take or refuse damaged JSON, and nothing else happens', () => {
    expect(fuzzJson(seeded(2), 1_000)).toBeGreaterThan(10);
  });
});
