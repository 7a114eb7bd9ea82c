import type { Counts } from './counts.ts';
import type { Json, JsonObject } from './json.ts';
import type { Kind } from './kind.ts';

/**
 * A span that carries a whole record of its emitter's own: an id, a name, a parent by id, fields. What the record says stands below explicit
 * `langsmith.*` attributes and above everything else; what it leaves out is found as on any other span.
 */
export interface TraceRecord {
  readonly kind: Kind;
  /** UUID; '' leaves the span's own. */
  readonly runId: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** UUID of a run that may exist or not: a soft parent. '' = none. */
  readonly parentRunId: string;
  /** A second one, for where the first does not exist. */
  readonly otherParentRunId: string;
  readonly inputs: Json | undefined;
  readonly outputs: Json | undefined;
  /** Its own token counts; `none`: numbers that stand on the span are another run's; `undefined`: as on any other span. */
  readonly counts: Counts | 'none' | undefined;
  /** Its tokens are counted by another run as well. */
  readonly aggregate: boolean;
  /** US dollars. */
  readonly totalCost: number | undefined;
  /** Who ran which model, as `ls_*` keys. */
  readonly model: JsonObject;
  readonly metadata: JsonObject;
  /** '' = no failure. */
  readonly error: string;
  /** Microseconds since the epoch; 0 leaves the span's own. */
  readonly startMicros: number;
  readonly endMicros: number;
}
