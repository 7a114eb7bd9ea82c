/** A strict reader of multipart bodies, written against RFC 7578 and LangSmith's rules and not against our writer: it searches for delimiters. */
export interface ReadPart {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export function readMultipart(body: Buffer, contentType: string): ReadPart[] {
  const boundary = /^multipart\/form-data; boundary=([^\s;"]{1,70})$/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Error(`no boundary in "${contentType}"`);
  const delimiter = Buffer.from(`--${boundary}`);
  const closing = Buffer.from(`\r\n--${boundary}--\r\n`);
  if (!body.subarray(-closing.length).equals(closing)) throw new Error('NextPart: EOF');
  const parts: ReadPart[] = [];
  let position = 0;
  while (!body.subarray(position).equals(closing.subarray(2))) {
    if (!body.subarray(position, position + delimiter.length).equals(delimiter)) throw new Error(`no delimiter at ${position}`);
    const headersStart = position + delimiter.length + 2;
    const headersEnd = body.indexOf('\r\n\r\n', headersStart);
    const contentEnd = body.indexOf(`\r\n--${boundary}`, headersEnd + 4);
    if (headersEnd < 0 || contentEnd < 0) throw new Error('a part does not end');
    const headers = new Map<string, string>();
    for (const line of body.toString('utf8', headersStart, headersEnd).split('\r\n')) {
      const colon = line.indexOf(':');
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const name = /^form-data; name="([^"]+)"$/.exec(headers.get('content-disposition') ?? '')?.[1];
    const content = body.subarray(headersEnd + 4, contentEnd);
    if (name === undefined) throw new Error('a part has no name');
    if (!headers.has('content-type')) throw new Error(`${name} has no Content-Type`);
    if (headers.has('content-encoding')) throw new Error(`${name} has a Content-Encoding`);
    if (headers.get('content-length') !== String(content.length)) throw new Error(`${name} has a wrong length`);
    parts.push({ name, contentType: headers.get('content-type') as string, content });
    position = contentEnd + 2;
  }
  if (parts.length === 0) throw new Error('NextPart: EOF');
  return parts;
}
