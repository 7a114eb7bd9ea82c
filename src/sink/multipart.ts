import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';

/** One part of a `multipart/form-data` body. `content` is a view of the request's bytes. */
export interface Part {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

const crlf = Buffer.from('\r\n');
const blankLine = Buffer.from('\r\n\r\n');
const headersBytesMax = 8 * 1024;
const partsMax = 10_000;

/** The boundary of a Content-Type header (RFC 2046 §5.1.1), '' if it is no multipart/form-data with a usable one. */
export function boundaryOf(contentType: string): string {
  const match = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? '';
  return boundary.length <= 70 ? boundary : '';
}

/**
 * Splits a whole body at its delimiters and holds each part to the contract: a name, a content type, a declared and true length, no encoding of its own.
 * Works on the buffer with `indexOf` and copies nothing, since this is the hot path of every bench against the sink.
 */
export function parseMultipart(body: Buffer, boundary: string): Part[] {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: Part[] = [];
  const opening = delimiter.subarray(2);
  if (body.length < opening.length || body.compare(opening, 0, opening.length, 0, opening.length) !== 0) throw endOfInput();
  let position = opening.length;
  for (;;) {
    if (body[position] === 0x2d && body[position + 1] === 0x2d) {
      if (parts.length === 0) throw endOfInput();
      return parts;
    }
    if (body[position] !== 0x0d || body[position + 1] !== 0x0a) throw endOfInput();
    if (parts.length === partsMax) throw Refusal.unprocessable(Rule.limits, `more than ${partsMax} parts`);
    const headersEnd = body.indexOf(blankLine, position);
    if (headersEnd < 0) throw endOfInput();
    if (headersEnd - position > headersBytesMax) throw Refusal.unprocessable(Rule.framing, 'part headers are too long');
    const start = headersEnd + blankLine.length;
    const end = body.indexOf(delimiter, start);
    if (end < 0) throw endOfInput();
    parts.push(readPart(body.toString('latin1', position + crlf.length, headersEnd), body.subarray(start, end)));
    position = end + delimiter.length;
  }
}

function endOfInput(): Refusal {
  return Refusal.unprocessable(Rule.framing, 'error reading multipart data: multipart: NextPart: EOF');
}

function readPart(headers: string, content: Buffer): Part {
  let name = '';
  let contentType = '';
  let contentLength = '';
  for (const line of headers.split('\r\n')) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trim();
    switch (line.slice(0, colon).toLowerCase()) {
      case 'content-disposition':
        name = nameOf(value);
        break;
      case 'content-type':
        contentType = value;
        break;
      case 'content-length':
        contentLength = value;
        break;
      case 'content-encoding':
        throw Refusal.unprocessable(Rule.partEncoding, `part ${printable(headers)} must not have a content encoding`);
      default:
        if (colon <= 0) throw Refusal.unprocessable(Rule.attachmentName, 'malformed part header');
    }
  }
  if (name === '') throw Refusal.unprocessable(Rule.partName, 'part without a usable name');
  if (contentType === '') throw Refusal.unprocessable(Rule.partWithoutContentType, `part ${name} has no content type`);
  checkLength(name, contentType, contentLength, content.length);
  return { name, contentType, content };
}

/** The name, whole and unescaped: a quote inside it would let a name write headers. Part names are UTF-8 on the wire. */
function nameOf(disposition: string): string {
  const match = /^form-data\s*;\s*name="([^"\\]*)"\s*(?:;\s*filename="[^"\\]*"\s*)?$/i.exec(disposition);
  if (match === null) throw Refusal.unprocessable(Rule.attachmentName, 'malformed content disposition');
  return Buffer.from(match[1] as string, 'latin1').toString('utf8');
}

function checkLength(name: string, contentType: string, contentLength: string, actual: number): void {
  const parameter = /;\s*length=(\d+)\s*(?:;|$)/i.exec(contentType)?.[1];
  if (contentLength === '' && parameter === undefined)
    throw Refusal.unprocessable(Rule.partWithoutLength, `part ${name} declares no length`);
  for (const declared of [contentLength, parameter]) {
    if (declared === undefined || declared === '') continue;
    if (!/^\d+$/.test(declared) || Number(declared) !== actual) {
      throw Refusal.unprocessable(Rule.wrongLength, `part ${name} declares ${declared} bytes and has ${actual}`);
    }
  }
}

function printable(headers: string): string {
  return /name="([^"]{0,200})"/.exec(headers)?.[1] ?? '';
}
