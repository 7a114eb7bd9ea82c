import type { Caller, LogRecord, Resource, Scope, Span, SpanEvent, SpanLink } from '../model/batch.ts';
import type { OttlValue } from './value.ts';

/** The contexts of OTTL that Spanway has, from the whole to the part. `otelcol` is what is known without looking at the data. */
export const contextNames = ['otelcol', 'resource', 'scope', 'span', 'spanevent', 'spanlink', 'log'] as const;
export type ContextName = (typeof contextNames)[number];

/** What a statement may ask of the world. Handed over, so that processors stay pure. */
export interface World {
  /** Nanoseconds since the epoch. */
  now(): bigint;
  /** Fresh random bytes. */
  random(length: number): Uint8Array;
}

/**
 * What a statement is run on: one record and what it stands in. One object is moved from record to record, so that closures always see the
 * same shape. Which of the fields are set follows from the context that the statement was compiled for.
 */
export class Evaluation {
  readonly world: World;
  caller: Caller;
  resource!: Resource;
  scope!: Scope;
  span!: Span;
  spanEvent!: SpanEvent;
  /** Position of the event within its span. */
  eventIndex = 0;
  spanLink!: SpanLink;
  log!: LogRecord;
  /** Scratch map of the record under way; `undefined` until somebody writes. Cleared by whoever moves on to the next record. */
  cache: Map<string, OttlValue> | undefined = undefined;
  /** Arguments of the lambdas that are running. */
  readonly locals: OttlValue[] = [];

  constructor(world: World, caller: Caller) {
    this.world = world;
    this.caller = caller;
  }
}
