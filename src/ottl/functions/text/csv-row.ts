import { OttlError } from '../../fault.ts';

/** Reads one row of CSV (RFC 4180). A line end inside of the row is a part of its field. `lazy`: quotes may stand anywhere. */
export function parseCsvRow(row: string, delimiter: string, lazy: boolean): readonly string[] {
  const text = row.replaceAll('\r\n', '\n').replace(/^\n+|\n+$/g, '');
  if (text === '') throw new OttlError('cannot parse CSV: no csv lines found');
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const field = text[at] === '"' ? quotedField(text, at, delimiter, lazy) : bareField(text, at, delimiter, lazy);
    fields.push(field.text);
    if (field.end >= text.length) return fields;
    at = field.end + delimiter.length;
  }
}

interface Field {
  readonly text: string;
  /** Where the delimiter after it stands, or the end of the row. */
  readonly end: number;
}

function bareField(text: string, start: number, delimiter: string, lazy: boolean): Field {
  const found = text.indexOf(delimiter, start);
  const end = found < 0 ? text.length : found;
  const field = text.slice(start, end);
  if (!lazy && field.includes('"')) throw new OttlError('cannot parse CSV: bare " in non-quoted field');
  return { text: field, end };
}

function quotedField(text: string, start: number, delimiter: string, lazy: boolean): Field {
  let field = '';
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      if (!lazy) throw new OttlError('cannot parse CSV: a quoted field is not closed');
      return { text: field + text.slice(at), end: text.length };
    }
    field += text.slice(at, quote);
    at = quote + 1;
    if (at === text.length || text.startsWith(delimiter, at)) return { text: field, end: at };
    if (text[at] === '"') at++;
    else if (!lazy) throw new OttlError('cannot parse CSV: extraneous or missing " in quoted-field');
    field += '"';
  }
}
