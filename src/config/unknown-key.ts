import { didYouMean } from '../model/closest.ts';
import type { Report } from './report.ts';
import { type MapNode, shownKey } from './tree.ts';

/** Reports a key that its map does not take, e.g. `'telemetry' has invalid keys: unknown`. `sentence` is all but the key. */
export function reportUnknownKey(
  map: MapNode,
  key: string,
  known: readonly string[],
  path: string,
  sentence: string,
  report: Report,
): void {
  const place = map.entries.get(key)?.keyPlace ?? map.place;
  if (map.origin) {
    report.error(place, path, `${sentence}: ${shownKey(map, key)}`);
    return;
  }
  const valid = known.length === 0 ? undefined : `valid keys: ${known.join(', ')}`;
  report.error(place, path, `${sentence}: ${key}`, { key, hint: didYouMean(key, known) ?? valid });
}

/** Reports all keys of a map but the known ones. */
export function reportUnknownKeys(map: MapNode, known: readonly string[], path: string, sentence: string, report: Report): void {
  for (const key of map.entries.keys()) if (!known.includes(key)) reportUnknownKey(map, key, known, path, sentence, report);
}
