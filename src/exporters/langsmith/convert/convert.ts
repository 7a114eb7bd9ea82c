/**
 * One span becomes one draft run: everything but what needs its ancestors. Read this file first; it is the order of the rules of mapping.md.
 *
 *   load (shape: slot → position) ─► dialects ─► kind ─► name ─► inputs, outputs ─► model, parameters, usage ─► status, events ─► thread, project, tags
 *        ─► what nobody used (metadata, extra.otel) ─► bytes
 *
 * A dialect is a table in `dialects/`; `rules.ts` merges them all into ordered lists of slots. A rule that reads a value marks its position, so what
 * is lost is known at the end for nothing. Nothing here throws because of what a span says: odd values stay attributes.
 *
 * What makes it fast: `span-shape.ts` (what follows from the keys, rules that apply included, is found once per list of keys), topics in `keys.ts` (rules
 * that a span has no attributes for are passed over), `json-on-wire.ts` and `text-writer.ts` (texts go from the wire into the output without becoming
 * strings), `key-text.ts` and `metadata.ts` (names, and what spans share, are written once).
 *
 * Log records of a span are handed over with it; `log-join.ts` says which spans wait for them, and what becomes of one that comes too late.
 */
import type { Caller, LogRecord, Resource, Scope, Span } from '../../../model/batch.ts';
import type { Draft } from '../../../model/draft.ts';
import { BodyWriter } from './body.ts';
import { KnownSurroundings } from './known-surroundings.ts';
import { Metadata } from './metadata.ts';
import type { ConvertOptions } from './options.ts';
import { recogniseDialects } from './recognise.ts';
import type { Surroundings } from './resource.ts';
import { eventAttributes } from './rules.ts';
import { runOf } from './run.ts';
import { SpanReader } from './span-reader.ts';

export { isSyntheticRoot } from './dify/synthetic-root.ts';
export { filteredSpanOf } from './identity.ts';
export { createJoin, draftOfLog, type JoinKey, joinKeyOf, needsLogs } from './log-join.ts';
export type { ConvertOptions } from './options.ts';
export { type Traced, tracedLog } from './untraced-logs.ts';

export type Converter = (span: Span, scope: Scope, resource: Resource, caller: Caller, logs?: readonly LogRecord[]) => Draft;

/** A converter keeps buffers between spans: one per thread, and never called from within itself. */
export function createConverter(options: ConvertOptions = {}): Converter {
  const reader = new SpanReader(eventAttributes);
  const writer = new BodyWriter(options.reuseBytes === true);
  const metadata = new Metadata();
  const known = new KnownSurroundings();
  // Spans come grouped by resource and scope: most have the last one's.
  let lastResource: Resource | undefined;
  let lastScope: Scope | undefined;
  let surroundings: Surroundings | undefined;
  return (span, scope, resource, caller, logs) => {
    if (surroundings === undefined || resource !== lastResource || scope !== lastScope) {
      surroundings = known.of(resource, scope);
      lastResource = resource;
      lastScope = scope;
    }
    reader.load(span, scope, resource, logs);
    const dialects = recogniseDialects(reader);
    const run = runOf(reader, { caller, surroundings, dialects, options, metadata });
    return { skeleton: run.skeleton, body: writer.write(run) };
  };
}
