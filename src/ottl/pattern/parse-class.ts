import { withCases } from './fold.ts';
import { takeClassEscape, takeEscape } from './parse-escape.ts';
import { negate, normalize, posixClasses, type Ranges } from './ranges.ts';
import type { Reader } from './reader.ts';

/** `[:alpha:]` or `[:^alpha:]` inside of brackets. */
function takePosixClass(reader: Reader): Ranges | undefined {
  if (!reader.at('[:')) return undefined;
  const start = reader.position;
  reader.position += 2;
  const negative = reader.take('^');
  const name = reader.takeWhile(/^[a-z]$/, 16);
  if (!reader.take(':]')) {
    // Not closed: then the bracket is an ordinary member.
    reader.position = start;
    return undefined;
  }
  const ranges = posixClasses.get(name);
  if (!ranges) return reader.refuse('invalid character class range', start);
  return negative ? negate(ranges) : ranges;
}

function takeMember(reader: Reader, classStart: number): number {
  if (reader.done) return reader.refuse('missing closing ]', classStart);
  if (reader.peek() === '\\') return takeEscape(reader);
  return reader.next().codePointAt(0) as number;
}

/** `a` or `a-z`, as a pair. */
function takeRange(reader: Reader, classStart: number): readonly [number, number] {
  const start = reader.position;
  const from = takeMember(reader, classStart);
  if (reader.peek() !== '-' || reader.peek(1) === ']' || reader.peek(1) === '') return [from, from];
  reader.next();
  const to = takeMember(reader, classStart);
  return to < from ? reader.refuse('invalid character class range', start) : [from, to];
}

/** A bracket expression. The opening bracket stands here. */
export function takeClass(reader: Reader, foldCase: boolean): Ranges {
  const start = reader.position;
  reader.next();
  const negative = reader.take('^');
  const pairs: number[] = [];
  for (let first = true; first || reader.peek() !== ']'; first = false) {
    if (reader.done) return reader.refuse('missing closing ]', start);
    // RE2 refuses a dash that is neither first nor last nor part of a range.
    if (reader.peek() === '-' && !first && reader.peek(1) !== ']') {
      const dash = reader.position;
      reader.position += 2;
      return reader.refuse('invalid character class range', dash);
    }
    pairs.push(...(takePosixClass(reader) ?? takeClassEscape(reader) ?? takeRange(reader, start)));
  }
  reader.next();
  const ranges = normalize(pairs);
  const folded = foldCase ? withCases(ranges) : ranges;
  return negative ? negate(folded) : folded;
}
