import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LazyDfa } from '../../src/ottl/pattern/lazy-dfa.ts';
import { Machine } from '../../src/ottl/pattern/machine.ts';
import { nativePattern } from '../../src/ottl/pattern/native.ts';
import { parse } from '../../src/ottl/pattern/parse.ts';
import { compilePattern } from '../../src/ottl/pattern/pattern.ts';
import { compileProgram } from '../../src/ottl/pattern/program.ts';

/** Patterns that mean the same in JavaScript: no loop around groups or around what may be empty. */
const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '\\W', '\\n', 'é', '😀', '\\b', '\\B', '^', '$');
const looped = fc.constantFrom('a', 'b', '.', '[ab]', '[^b]', '\\w', '(?:ab|c)', '(?:a|ab)', '😀');
const quantifier = fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,3}', '{2,}', '{0,2}?');
const pattern = fc.letrec<{ node: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small' },
    atom,
    fc.tuple(looped, quantifier).map((parts) => parts.join('')),
    tie('node').map((inner) => `(${inner})`),
    tie('node').map((inner) => `(?:${inner})`),
  ),
  node: fc.oneof(
    { depthSize: 'small' },
    fc.array(tie('piece'), { maxLength: 4 }).map((parts) => parts.join('')),
    fc.tuple(tie('node'), tie('node')).map(([one, other]) => `${one}|${other}`),
  ),
})).node;
const text = fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', '\n', 'é', '😀', '_'), { maxLength: 12 }).map((parts) => parts.join(''));

test('the machine finds what the runtime finds, groups included', () => {
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const { root, groupNames } = parse(source);
      const found = new Machine(compileProgram(root, groupNames.length - 1)).exec(subject, 0);
      const expected = new RegExp(source.replaceAll('.', '[^\\n]'), 'ud').exec(subject);
      // V8 finds empty matches within surrogate pairs, where there is no character to stand before.
      fc.pre(!/[\udc00-\udfff]/.test(subject.charAt(expected?.index ?? -1)));
      const slots = expected?.indices?.flatMap((pair) => pair ?? [-1, -1]);
      expect(found && Array.from(found)).toEqual(slots);
    }),
    { numRuns: 3_000 },
  );
});

test('the automaton matches when the machine does, and points at or before its match', () => {
  fc.assert(
    fc.property(pattern, text, fc.nat(12), (source, subject, place) => {
      const { root, groupNames } = parse(source);
      const program = compileProgram(root, groupNames.length - 1);
      const from = [...subject].slice(0, place).join('').length;
      const begin = new LazyDfa(program).find(subject, from);
      const found = new Machine(program).exec(subject, from);
      expect(begin >= 0).toBe(found !== undefined);
      if (found) expect(new Machine(program).exec(subject, begin)).toEqual(found);
    }),
    { numRuns: 3_000 },
  );
});

test('a pattern that is given to the runtime finds what the machine finds', () => {
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const { root, groupNames } = parse(source);
      const shape = nativePattern(root);
      fc.pre(shape !== undefined);
      const slots = new Machine(compileProgram(root, groupNames.length - 1)).exec(subject, 0);
      const found = (shape as RegExp).exec(subject);
      expect(found?.index).toBe(slots?.[0]);
      expect(found?.[0].length).toBe(slots && (slots[1] as number) - (slots[0] as number));
    }),
    { numRuns: 2_000 },
  );
});

test('ignoring case is what the runtime takes it for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (character) => {
      fc.pre(!/[\\^$.*+?()[\]{}|/]/.test(character));
      const others = [character.toUpperCase(), character.toLowerCase()];
      for (const other of others) {
        expect(compilePattern(`(?i)^${character}$`).test(other)).toBe(new RegExp(`^${character}$`, 'iu').test(other));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('replacing everything is what the runtime does, but for an empty match behind another', () => {
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const compiled = compilePattern(source);
      fc.pre(!compiled.test(''));
      fc.pre(!/[\^$?*|]|\\b|\\B|\{0/.test(source));
      const expected = subject.replace(new RegExp(source.replaceAll('.', '[^\\n]'), 'gu'), (found) => `<${found}>`);
      expect(compiled.replaceAll(subject, ({ groups }) => `<${groups[0]}>`)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('replacing everything by one text is replacing each match by it, dollars included', () => {
  fc.assert(
    fc.property(pattern, text, fc.constantFrom('', 'x', '$1', '$$&', '😀'), (source, subject, replacement) => {
      const compiled = compilePattern(source);
      expect(compiled.replaceAllBy(subject, replacement)).toBe(compiled.replaceAll(subject, () => replacement));
    }),
    { numRuns: 2_000 },
  );
});

test('a test of one text after the other says what a fresh pattern says', () => {
  fc.assert(
    fc.property(pattern, fc.array(text, { maxLength: 6 }), (source, subjects) => {
      const compiled = compilePattern(source);
      for (const subject of subjects) expect(compiled.test(subject)).toBe(compilePattern(source).test(subject));
    }),
    { numRuns: 500 },
  );
});

test('no pattern throws anything but a PatternError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab(){}[]*+?|^$\\.-:=!<>PQEpdwx1,i'.split('')), maxLength: 20 }), (source) => {
      try {
        compilePattern(source).exec('ab-1');
      } catch (error) {
        expect((error as Error).name).toBe('PatternError');
      }
    }),
    { numRuns: 5_000 },
  );
});
