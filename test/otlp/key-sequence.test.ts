import { describe, expect, test } from 'vitest';
import { KeySequences } from '../../src/otlp/key-sequence.ts';

describe('sequences of keys', () => {
  const of = (sequences: KeySequences, ...keys: (string | undefined)[]) => sequences.of(keys, 0, keys.length);

  test('the same keys in the same order are one sequence, another order is another', () => {
    const sequences = new KeySequences();
    expect(of(sequences, 'a', 'b')).toBe(of(sequences, 'a', 'b'));
    expect(of(sequences, 'a', 'b')).not.toBe(of(sequences, 'b', 'a'));
    expect(of(sequences, 'a')?.with('b')).toBe(of(sequences, 'a', 'b'));
    expect(of(sequences, 'a')?.withText(['b'].join(''))).toBe(of(sequences, 'a', 'b'));
    expect(of(sequences)).toBe(of(sequences));
  });

  test('a key stands where it came last, and -1 is for one that is absent', () => {
    const sequence = of(new KeySequences(), 'a', 'b', '');
    expect([sequence?.positionOf('a'), sequence?.positionOf('b'), sequence?.positionOf(''), sequence?.positionOf('c')]).toEqual([
      0, 1, 2, -1,
    ]);
    expect(sequence?.with('a')?.positionOf('a')).toBe(3);
  });

  test('a list with an overridden key, a long key or very many keys has none', () => {
    const sequences = new KeySequences();
    expect(of(sequences, 'a', undefined)).toBeUndefined();
    expect(of(sequences, 'a', 'k'.repeat(129))).toBeUndefined();
    expect(of(sequences, 'a')?.withText('k'.repeat(129))).toBeUndefined();
    expect(of(sequences, ...Array.from({ length: 129 }, (_, index) => `key.${index}`))).toBeUndefined();
  });

  test('when there is no more room new lists have none while known ones keep theirs, and after many misses it begins anew', () => {
    const sequences = new KeySequences(2, 3);
    const known = of(sequences, 'a', 'b');
    expect(of(sequences, 'c')).toBeUndefined();
    expect(of(sequences, 'a', 'b', 'c')).toBeUndefined();
    expect(of(sequences, 'a', 'b')).toBe(known);
    expect(of(sequences, 'd')).toBeUndefined();
    expect(of(sequences, 'd')?.positionOf('d')).toBe(0);
    expect(of(sequences, 'a')?.positionOf('a')).toBe(0);
    expect(known?.positionOf('a')).toBe(0);
  });
});
