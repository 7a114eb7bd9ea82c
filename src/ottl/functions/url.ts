import { converter, getter } from '../function.ts';
import type { OttlMap, OttlValue } from '../value.ts';
import { decodePercent, parseUrl } from './net/url-parts.ts';

function putUser(map: Map<string, OttlValue>, userInfo: string): void {
  const colon = userInfo.indexOf(':');
  const username = decodePercent(colon < 0 ? userInfo : userInfo.slice(0, colon));
  map.set('url.user_info', userInfo);
  if (username !== '') map.set('url.username', username);
  if (colon >= 0) map.set('url.password', decodePercent(userInfo.slice(colon + 1)));
}

/** The attributes of the semantic conventions. The first four are always there. */
function attributesOf(text: string): OttlMap {
  const { scheme, userInfo, host, port, path, query, fragment } = parseUrl(text);
  const map = new Map<string, OttlValue>([
    ['url.original', text],
    ['url.domain', host],
    ['url.scheme', scheme],
    ['url.path', path],
  ]);
  if (port !== '') map.set('url.port', BigInt(port));
  if (fragment !== '') map.set('url.fragment', fragment);
  if (userInfo !== undefined) putUser(map, userInfo);
  if (query !== '') map.set('url.query', query);
  const extension = path.slice(path.lastIndexOf('.') + 1);
  if (path.includes('.') && extension !== '') map.set('url.extension', extension);
  return map;
}

export const url = converter({
  name: 'URL',
  summary: 'The parts of a URL as a map with the keys of the semantic conventions: url.scheme, url.domain, url.path, …',
  example: 'URL("http://www.example.com:80/foo.gif?key=value#top")',
  parameters: { url: getter.string },
  result: 'map',
  compile:
    ({ url }) =>
    (evaluation) =>
      attributesOf(url(evaluation)),
});
