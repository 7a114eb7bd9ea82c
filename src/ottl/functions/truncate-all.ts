import { bytes } from '../../model/bytes.ts';
import { OttlError } from '../fault.ts';
import { editor, literal, mapTarget, optional } from '../function.ts';
import type { OttlValue } from '../value.ts';
import { replaceValues } from './map-changes.ts';
import { cutToBytes } from './text/utf8-cut.ts';

/** `utf8_safe = false` is accepted and cuts at a character all the same: text here is never half a character. */
export const truncateAll = editor({
  name: 'truncate_all',
  summary: 'Cuts the string values of a map to a number of UTF-8 bytes, the marker of what was cut included; never inside of a character.',
  example: 'truncate_all(span.attributes, 12, truncation_marker = "…")',
  parameters: {
    target: mapTarget,
    limit: literal.int,
    utf8Safe: optional(literal.bool, true),
    truncationMarker: optional(literal.string, ''),
  },
  compile: ({ target, limit, truncationMarker }) => {
    if (limit < 0n) throw new OttlError(`invalid limit: ${limit} cannot be negative`, { parameter: 'limit' });
    const markerBytes = bytes.byteLength(truncationMarker);
    if (limit < markerBytes) {
      throw new OttlError(`truncation marker of ${markerBytes} bytes is longer than the limit of ${limit}`, {
        parameter: 'truncationMarker',
      });
    }
    const bytesMax = Number(limit);
    const cut = (value: OttlValue): string | undefined => {
      if (typeof value !== 'string') return undefined;
      const text = cutToBytes(value, bytesMax, truncationMarker, markerBytes);
      return text === value ? undefined : text;
    };
    return (evaluation) => {
      const map = target.open(evaluation);
      if (replaceValues(map, cut)) target.save(evaluation, map);
    };
  },
});
