/**
 * A dialect is what one emitter of spans says in its own words: signs to know it by, and where its attributes belong.
 * It is data plus a few functions, one file each; `rules.ts` merges all of them once, at load, into ordered lists.
 *
 * Order is by rank, the lower first. Ranks of fields are the golden rules of mapping.md: 10 explicit `langsmith.*`, 20 another vendor's overrides,
 * 30 a framework's own namespace, 40 current `gen_ai.*`, 50 OpenInference, 60 older conventions, 70 generic names. Ranks of kinds, names, contents and
 * usage are the row numbers of mapping §4.1, §5, §6.2–6.4 and §10.3, which say more than the golden rules do.
 */

import type { Counts } from './counts.ts';
import type { Json, JsonObject } from './json.ts';
import type { KindText } from './kind.ts';
import type { Shape } from './messages/shape.ts';
import type { ConvertOptions } from './options.ts';
import type { TraceRecord } from './record.ts';
import type { SpanReader } from './span-reader.ts';

/** Attribute names, the better first. A pair says its own rank; plain names have the dialect's. */
export type Names = readonly (string | readonly [rank: number, name: string])[];

/** Run fields that are one scalar, taken from the first attribute that has it. */
export interface Fields {
  readonly provider?: Names;
  readonly model?: Names;
  /** The model that was asked for. */
  readonly requestModel?: Names;
  readonly userId?: Names;
  readonly environment?: Names;
  readonly release?: Names;
  readonly promptName?: Names;
  readonly promptVersion?: Names;
  readonly toolCallId?: Names;
  /** Thread keys by what they are called (mapping §13.3). */
  readonly conversation?: Names;
  readonly thread?: Names;
  readonly session?: Names;
  readonly projectId?: Names;
  readonly project?: Names;
  /** Projects that the request's header and the resource beat. */
  readonly otherProject?: Names;
  readonly finishReasons?: Names;
  /** Attributes of `error` texts (mapping §11) behind the exception and the status message. */
  readonly error?: Names;
}

export type FieldName = keyof Fields;

/** A field that is a member of a JSON attribute. */
export interface NestedField {
  readonly field: 'provider' | 'model';
  readonly key: string;
  readonly path: readonly string[];
}

export interface KindRule {
  /** Step of mapping §4.1. */
  readonly rank: number;
  readonly key: string;
  /** By value in lower case, whole or its first word. */
  readonly values?: Readonly<Record<string, KindText>>;
  readonly read?: (reader: SpanReader, value: string) => KindText | undefined;
  /** The kind says all that the attribute says, so the attribute is used up. */
  readonly lossless?: boolean;
}

export interface NameRule {
  /** Row of mapping §5. */
  readonly rank: number;
  readonly key: string;
  readonly only?: 'tool' | 'chain' | 'agent' | 'prompt' | 'root';
  /** Where the name stands if it is not the attribute's value. */
  readonly read?: (reader: SpanReader) => string | undefined;
}

/** The kinds of runs that have inputs and outputs of their own shape (mapping §6.1). */
export type Target = 'llm' | 'embedding' | 'retriever' | 'rerank' | 'tool' | 'chain';

/** Where inputs or outputs may stand. Either one attribute that may hold JSON, or a function over several of them or over events. */
export interface ContentSource {
  readonly to: Target | readonly Target[];
  readonly side: 'inputs' | 'outputs';
  /** Row of the table in mapping §6.2–6.4 for the first target. */
  readonly rank: number;
  readonly key?: string;
  /** How its messages are written, if they are. */
  readonly shape?: Shape;
  /** The source is a conversation on every kind of run, not only on llm runs. */
  readonly conversation?: boolean;
  /** The value is the run's inputs or outputs as they are. */
  readonly verbatim?: boolean;
  /** Counts only on spans of this dialect. */
  readonly own?: boolean;
  readonly read?: (reader: SpanReader) => Json | undefined;
}

/** One emitter's token counts (mapping §10.3). */
export interface UsageGroup {
  readonly rank: number;
  readonly input?: readonly string[];
  readonly output?: readonly string[];
  readonly total?: readonly string[];
  /** Counts that stand inside of a JSON attribute. */
  readonly read?: (reader: SpanReader) => Counts | undefined;
}

/** More exact counts, by class: `input.cache_read`, `output.reasoning` (mapping §10.4). */
export type UsageDetails = Readonly<Record<string, Names>>;

export type TimeUnit = 'seconds' | 'milliseconds' | 'nanoseconds' | 'iso';

export interface FirstTokenRule {
  /** Row of mapping §12. */
  readonly rank: number;
  readonly key: string;
  /** The time is this member of a JSON object. */
  readonly member?: string;
  readonly unit: TimeUnit;
}

/** Attributes that are the sender's own metadata: a prefix whose members are named by the rest, or a JSON object. */
export interface MetadataRule {
  /** Place in the merge order of mapping §13.2; later overrides earlier. */
  readonly rank: number;
  readonly prefix?: string;
  readonly key?: string;
  /** Values are what Python's `repr` makes of them. */
  readonly pythonRepr?: boolean;
  /** Members that are something else than metadata. */
  readonly except?: readonly string[];
}

/** Parameters of the model call: members of a prefix or of a JSON object (mapping §8.4). */
export interface ParameterRule {
  readonly rank: number;
  readonly prefix?: string;
  readonly key?: string;
  /** A single attribute, and the parameter that it is. */
  readonly parameter?: string;
  /** Other names for some of them. `''` leaves one out. */
  readonly rename?: Readonly<Record<string, string>>;
  readonly camelCase?: boolean;
}

/** Of a tool that logs what it does without tracing it (mapping §16). */
export interface UntracedLogs {
  /** All of its event names begin with it. */
  readonly prefix: string;
  /** Attribute of the record, or of its resource. Records of one session are one trace, or, where they say their turn, those of one turn are. */
  readonly session: string;
  readonly turn?: string;
  /** The event that is the trace's root. */
  readonly root: string;
  /** Events that are runs below the root. The others belong to one of these. */
  readonly runs: Readonly<Record<string, 'chain' | 'llm' | 'tool'>>;
  /** Of an event that tells many things: the attribute, and its value in those that are runs. The others are not kept. */
  readonly only?: Readonly<Record<string, readonly [key: string, value: string]>>;
}

export type ExclusiveInput = 'always' | 'unless summed';

export interface Dialect {
  readonly id: string;
  /** Rank of its fields; see above. */
  readonly rank: number;
  /** What `ls_integration` says of its spans. */
  readonly integration?: string;
  /** Scope names, attribute names and event names; a final `*` stands for any rest. */
  readonly signs: { readonly scopes?: readonly string[]; readonly attributes?: readonly string[]; readonly events?: readonly string[] };
  /** Another way to know it, asked of every span. */
  readonly recognise?: (reader: SpanReader) => boolean;
  /** Scopes whose spans get their content from log records. A final `*` stands for any rest. */
  readonly logScopes?: readonly string[];
  /** Per log record that may be written in another span than it means: the attribute that both say (`../log-names.ts`). */
  readonly eventTargets?: Readonly<Record<string, string>>;
  /** Per event or log record: which of its attributes count as if the span had sent them, and under which name. */
  readonly events?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What becomes of its log records that are in no trace, where the user asks for it. */
  readonly untraced?: UntracedLogs;
  /** The record that such a span may carry, with an id and a parent of its own. */
  readonly record?: (reader: SpanReader, options: ConvertOptions) => TraceRecord | undefined;
  readonly fields?: Fields;
  /** Fields inside of JSON attributes, for where no attribute says them. */
  readonly nested?: readonly NestedField[];
  /** Writes metadata that only spans of this dialect have. */
  readonly facts?: (reader: SpanReader, metadata: JsonObject) => void;
  readonly kinds?: readonly KindRule[];
  /** Span names that say a kind where nothing else does (mapping §4.4). */
  readonly spanNames?: Readonly<Record<string, KindText>>;
  readonly names?: readonly NameRule[];
  readonly contents?: readonly ContentSource[];
  readonly usage?: readonly UsageGroup[];
  readonly usageDetails?: UsageDetails;
  readonly costs?: Readonly<Record<string, Names>>;
  /** JSON objects with costs, whose members begin with `input`, `output` or are `total`. */
  readonly costDetails?: readonly string[];
  readonly firstToken?: readonly FirstTokenRule[];
  /** Its input tokens do not include what came from a cache (mapping §10.5); `unless summed`: except where the total is input and output already. */
  readonly exclusiveInput?: ExclusiveInput;
  /** Seconds per unit in which it writes `gen_ai.server.time_to_first_token`. */
  readonly firstTokenScale?: number;
  /** Events whose time is the first token's. */
  readonly firstTokenEvents?: readonly string[];
  readonly metadata?: readonly MetadataRule[];
  readonly tags?: readonly string[];
  readonly parameters?: readonly ParameterRule[];
  readonly tools?: readonly string[];
  /** Attributes under another name in the metadata. */
  readonly rename?: Readonly<Record<string, string>>;
  /** An attribute's value that means failure although the status does not say so. */
  readonly failures?: Readonly<Record<string, string>>;
  /** What is never metadata when it is left over. */
  readonly private?: readonly string[];
  /** `ls_modality` of its runs. */
  readonly modality?: string;
}

/** One row of a table of contents. */
export function content(
  to: Target | readonly Target[],
  side: 'inputs' | 'outputs',
  rank: number,
  key: string,
  more: Omit<ContentSource, 'to' | 'side' | 'rank' | 'key'> = {},
): ContentSource {
  return { to, side, rank, key, ...more };
}
