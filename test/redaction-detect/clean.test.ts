import { describe, expect, it } from 'vitest';
import { presets, scannerOf } from '../../src/processors/redaction/detect/detect.ts';
import { clean } from './corpus/clean.ts';
import { ample } from './quality.ts';

const scanner = scannerOf([...presets.pii, ...presets.secrets]);
const strict = scannerOf(presets.strict);

describe('documents with nothing to hide', () => {
  it.each(Object.entries(clean))('leaves %s as they are', (_name, text) => {
    expect(scanner.scan(text, undefined, ample())).toEqual([]);
  });

  it.each(Object.entries(clean).filter(([name]) => name !== 'log'))('leaves %s as they are under strict, too', (_name, text) => {
    expect(strict.scan(text, undefined, ample())).toEqual([]);
  });

  it('leaves them as they are inside a JSON string', () => {
    for (const text of Object.values(clean))
      expect(scanner.scan(JSON.stringify({ content: text }), 'gen_ai.input.messages', ample())).toEqual([]);
  });
});
