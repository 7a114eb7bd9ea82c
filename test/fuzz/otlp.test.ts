import { describe, expect, test } from 'vitest';
import { fuzzMs, seeded } from './budget.ts';
import { corpus, fuzzJson, fuzzProtobuf, tryJson, tryProtobuf } from './otlp-fuzz.ts';

describe('the OTLP decoders', () => {
  test.each(corpus('.pb'))('take or refuse $name', ({ body }) => tryProtobuf(body));
  test.each(corpus('.json'))('take or refuse $name', ({ body }) => tryJson(body));

  test('take or refuse damaged protobuf, and nothing else happens', () => {
    expect(fuzzProtobuf(seeded(1), fuzzMs)).toBeGreaterThan(10);
  });

  test('take or refuse damaged JSON, and nothing else happens', () => {
    expect(fuzzJson(seeded(2), fuzzMs)).toBeGreaterThan(10);
  });
});
