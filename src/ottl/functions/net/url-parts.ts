import { bytes } from '../../../model/bytes.ts';
import { OttlError } from '../../fault.ts';

/** The parts of a URL as Go's `net/url` takes it apart. Path, user and password are decoded; '' or `undefined` where absent. */
export interface UrlParts {
  readonly scheme: string;
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
}

function refuse(why: string): never {
  throw new OttlError(`cannot parse URL: ${why}`);
}

/** Percent-encoding undone. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) refuse('invalid URL escape');
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => bytes.from(run.replaceAll('%', ''), 'hex').utf8Slice());
}

function splitScheme(text: string): readonly [scheme: string, rest: string] {
  const found = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (found) return [found[1]!.toLowerCase(), text.slice(found[0].length)];
  if (text.startsWith(':')) refuse('missing protocol scheme');
  if (/^[^/]*:/.test(text)) refuse('first path segment in URL cannot contain colon');
  return ['', text];
}

function splitHost(authority: string): Pick<UrlParts, 'host' | 'port'> {
  const found = /^(\[[^\]]*\]|[^:]*)(?::([0-9]*))?$/.exec(authority);
  if (!found) refuse(authority.startsWith('[') ? 'invalid host' : 'invalid port after host');
  const host = found[1]!.replace(/^\[|\]$/g, '');
  if (/[\s"<>^`{|}\\]/.test(host)) refuse('invalid character in host name');
  return { host: decodePercent(host), port: found[2] ?? '' };
}

/** RFC 3986. */
export function parseUrl(text: string): UrlParts {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are refused.
  if (/[\u0000-\u001f\u007f]/.test(text)) refuse('invalid control character in URL');
  const hash = text.indexOf('#');
  const fragment = hash < 0 ? '' : decodePercent(text.slice(hash + 1));
  const beforeFragment = hash < 0 ? text : text.slice(0, hash);
  const question = beforeFragment.indexOf('?');
  const query = question < 0 ? '' : beforeFragment.slice(question + 1);
  const [scheme, rest] = splitScheme(question < 0 ? beforeFragment : beforeFragment.slice(0, question));
  if (!rest.startsWith('//')) {
    const isOpaque = scheme !== '' && !rest.startsWith('/');
    return { scheme, userInfo: undefined, host: '', port: '', path: isOpaque ? '' : decodePercent(rest), query, fragment };
  }
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const at = authority.lastIndexOf('@');
  const userInfo = at < 0 ? undefined : authority.slice(0, at);
  return {
    scheme,
    userInfo,
    ...splitHost(authority.slice(at + 1)),
    path: slash < 0 ? '' : decodePercent(rest.slice(slash)),
    query,
    fragment,
  };
}
