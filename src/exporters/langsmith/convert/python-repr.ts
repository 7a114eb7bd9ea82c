const words: ReadonlyMap<string, string> = new Map([
  ['None', 'null'],
  ['True', 'true'],
  ['False', 'false'],
  ['nan', 'null'],
]);
const token = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|[A-Za-z_]\w*|[^'"A-Za-z_]+|[\s\S]/g;
const escapes = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/g;
const charactersMax = 64 << 10;

/** JSON text of what Python's `repr` prints for dictionaries, lists, texts, numbers, None, True and False. `undefined` if other things occur in it. */
export function jsonOfPythonRepr(text: string): string | undefined {
  if (text.length > charactersMax) return undefined;
  let json = '';
  for (const [part] of text.matchAll(token)) {
    const first = part[0]!;
    if (first === "'" || first === '"') {
      if (part.length < 2) return undefined;
      json += JSON.stringify(part.slice(1, -1).replace(escapes, unescaped));
    } else if (/[A-Za-z_]/.test(first)) {
      const word = words.get(part);
      if (word === undefined) return undefined;
      json += word;
    } else json += part;
  }
  return json;
}

function unescaped(whole: string, escaped: string): string {
  const kind = escaped[0]!;
  if (escaped.length > 1) {
    const code = Number.parseInt(escaped.slice(1), 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  }
  switch (kind) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case '\n':
      return '';
    case "'":
    case '"':
    case '\\':
      return escaped;
    default:
      return whole;
  }
}
