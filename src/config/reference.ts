/** The grammar of `${…}` (the Collector's confmap: `expand.go`, `provider/envprovider`). */

export const environmentName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * The first `${…}` of a text that is to be expanded, innermost first; `undefined` if there is none.
 * `$$` is an escaped dollar, so a `${` after an odd number of further dollars is text.
 */
export function findReference(text: string): string | undefined {
  let start = 0;
  for (let close = text.indexOf('}'); close >= 0; close = text.indexOf('}', start)) {
    // Only the part since the last brace is searched, so that a text of many braces costs its length once.
    const open = start + text.slice(start, close).lastIndexOf('${');
    if (open >= start) {
      let dollars = 0;
      while (open - dollars > start && text[open - dollars - 1] === '$') dollars += 1;
      if (dollars % 2 === 0) return text.slice(open, close + 1);
    }
    start = close + 1;
  }
  return undefined;
}

export const remoteHint = 'settings are not fetched over the network: download the file and name its path';

/** What a `${…}` asks for. */
export type Request =
  | { readonly kind: 'env'; readonly name: string; readonly fallback: string | undefined }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'yaml'; readonly text: string }
  | { readonly kind: 'remote' }
  | { readonly kind: 'unknown' };

export function readReference(reference: string): Request {
  const inner = reference.slice(2, -1);
  const colon = inner.indexOf(':');
  const scheme = colon < 0 ? 'env' : inner.slice(0, colon);
  const rest = inner.slice(colon + 1);
  switch (scheme) {
    case 'env': {
      const dash = rest.indexOf(':-');
      return dash < 0
        ? { kind: 'env', name: rest, fallback: undefined }
        : { kind: 'env', name: rest.slice(0, dash), fallback: rest.slice(dash + 2) };
    }
    case 'file':
      return { kind: 'file', path: rest };
    case 'yaml':
      return { kind: 'yaml', text: rest };
    case 'http':
    case 'https':
      return { kind: 'remote' };
    default:
      return { kind: 'unknown' };
  }
}

/** `$$` to `$`: done last, on every text, wherever it came from. */
export function unescapeDollars(text: string): string {
  return text.replaceAll('$$', '$');
}

/** The part of a text that holds its references, as written. */
export function referencesOf(text: string): string {
  return text.slice(text.indexOf('${'), text.lastIndexOf('}') + 1);
}
