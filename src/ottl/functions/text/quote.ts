const named: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
]);

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const name = named.get(character);
  if (name !== undefined) return name;
  if (printable.test(character)) return character;
  const point = character.codePointAt(0)!;
  if (point < 0x80) return `\\x${point.toString(16).padStart(2, '0')}`;
  return point > 0xffff ? `\\U${point.toString(16).padStart(8, '0')}` : `\\u${point.toString(16).padStart(4, '0')}`;
}

/** Text between quotes with escapes, as Go's `strconv.Quote` writes it. */
export function quote(text: string, mark: '"' | "'" = '"'): string {
  let quoted: string = mark;
  for (const character of text) quoted += escaped(character, mark);
  return quoted + mark;
}
