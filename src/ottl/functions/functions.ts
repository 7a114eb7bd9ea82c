/**
 * Every editor and converter of OTTL. Read this file first.
 *
 * A function is one `editor({…})` or `converter({…})` in the file of its family. It gets its arguments once per statement and returns what runs per
 * record: constant patterns, formats and delimiters are prepared there. The algorithms stand alone, without OTTL around them: `hash/`, `time/`,
 * `text/`, `net/`.
 *
 * Source: `pkg/ottl/ottlfuncs` of the Collector; where its documents and its code differ, its code. What differs here, and why:
 *
 * - `set` with nil does nothing, as before the gate `ottl.set.allowNil`.
 * - Globs take `[^a]` beside `[!a]`, since the documents name `filepath.Match` and the code uses another library.
 * - `truncate_all` never leaves half a character, `utf8_safe` or not; `Substring` puts U+FFFD in its place.
 * - `FormatTime` writes `%L`, `%f`, `%s` with all their digits, as documented; Go drops zeros at the end.
 * - `Sort` refuses lists, maps and byte arrays among the elements, as documented.
 * - No message holds a value of the data.
 */
import type { FunctionSpec } from '../function.ts';
import { convertCase, toCamelCase, toLowerCase, toSnakeCase, toUpperCase } from './case.ts';
import { bool, coalesce, double, int, string } from './conversions.ts';
import { parseCsv } from './csv.ts';
import { duration, hours, microseconds, milliseconds, minutes, nanoseconds, seconds } from './durations.ts';
import { base64Decode, base64Encode, decode, hex } from './encoding.ts';
import { flatten } from './flatten.ts';
import { format } from './format.ts';
import { fnv, md5, murmur3Hash, murmur3Hash128, sha1, sha256, sha512, xxh3, xxh128 } from './hashing.ts';
import { isRootSpan, profileId, spanId, traceId, uuid, uuidV7 } from './ids.ts';
import { parseJson } from './json.ts';
import { parseKeyValue, toKeyValueString } from './key-value.ts';
import { all, any, filter, find, mapEach, mapKeys, reduce, when } from './lambdas.ts';
import { append, deleteIndex } from './list-editors.ts';
import { containsValue, index, keys, len, sliceToMap, sort, values } from './lists.ts';
import { deleteKey, deleteMatchingKeys, keepKeys, keepMatchingKeys, limit, mergeMaps, stringifyAll } from './map-editors.ts';
import { communityId, isInCidr } from './network.ts';
import { isValidLuhn, log, parseInteger } from './numbers.ts';
import { extractPatterns, isMatch } from './patterns.ts';
import { replaceAllMatches, replaceAllPatterns, replaceMatch, replacePattern } from './replace.ts';
import { set } from './set.ts';
import { parseSeverity } from './severity.ts';
import { setSemconvSpanName } from './span-name.ts';
import { concat, hasPrefix, hasSuffix, split, substring, trim, trimPrefix, trimSuffix } from './strings.ts';
import {
  day,
  formatTime,
  hour,
  minute,
  month,
  nanosecond,
  now,
  second,
  time,
  truncateTime,
  unix,
  unixMicro,
  unixMilli,
  unixNano,
  unixSeconds,
  weekday,
  year,
} from './times.ts';
import { truncateAll } from './truncate-all.ts';
import { isBool, isDouble, isEmpty, isInt, isListValue, isMapValue, isString } from './types.ts';
import { unsupportedFunctions } from './unsupported.ts';
import { url } from './url.ts';

const editors: readonly FunctionSpec[] = [
  ...[set, append, deleteIndex],
  ...[deleteKey, deleteMatchingKeys, keepKeys, keepMatchingKeys, mergeMaps, limit, flatten, stringifyAll, truncateAll],
  ...[replacePattern, replaceAllPatterns, replaceMatch, replaceAllMatches],
];

const converters: readonly FunctionSpec[] = [
  ...[isString, isInt, isDouble, isBool, isMapValue, isListValue, isEmpty, isRootSpan],
  ...[string, int, double, bool, coalesce],
  ...[hasPrefix, hasSuffix, trim, trimPrefix, trimSuffix, split, concat, substring, format],
  ...[convertCase, toLowerCase, toUpperCase, toSnakeCase, toCamelCase],
  ...[isMatch, extractPatterns],
  ...[len, index, containsValue, sort, keys, values, sliceToMap],
  ...[all, any, filter, find, mapEach, mapKeys, reduce, when],
  ...[parseJson, parseKeyValue, toKeyValueString, parseCsv, parseInteger, parseSeverity, url],
  ...[md5, sha1, sha256, sha512, fnv, murmur3Hash, murmur3Hash128, xxh3, xxh128],
  ...[hex, base64Encode, base64Decode, decode],
  ...[traceId, spanId, profileId, uuid, uuidV7],
  ...[now, time, formatTime, truncateTime, unix, unixNano, unixMicro, unixMilli, unixSeconds],
  ...[year, month, day, hour, minute, second, nanosecond, weekday],
  ...[duration, hours, minutes, seconds, milliseconds, microseconds, nanoseconds],
  ...[isInCidr, communityId, isValidLuhn, log],
];

/** What every place with OTTL knows. */
export const standardFunctions: readonly FunctionSpec[] = [...editors, ...converters, ...unsupportedFunctions];

/** What the transform processor knows of spans. */
export const transformFunctions: readonly FunctionSpec[] = [...standardFunctions, setSemconvSpanName];
