import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { type EntriesField, expectString } from './field.ts';

const membersMax = 32;
const keyShape = /^[a-z0-9][a-z0-9_\-*/]{0,240}(?:@[a-z][a-z0-9_\-*/]{0,13})?$/;
const valueShape = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

function members(traceState: string): string[] {
  return traceState
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

function keyOf(member: string): string {
  return member.slice(0, Math.max(0, member.indexOf('=')));
}

function read(traceState: string, key: string): string {
  const member = members(traceState).find((candidate) => keyOf(candidate) === key);
  return member === undefined ? '' : member.slice(key.length + 1);
}

/** A changed member moves to the front; the last one goes when there are more than 32 (W3C Trace Context, "tracestate"). */
function write(traceState: string, key: string, value: string): string {
  if (!keyShape.test(key)) throw new OttlError('cannot set trace_state: invalid key');
  if (!valueShape.test(value)) throw new OttlError('cannot set trace_state: invalid value');
  const others = members(traceState).filter((member) => keyOf(member) !== key);
  return [`${key}=${value}`, ...others.slice(0, membersMax - 1)].join(',');
}

/** `trace_state` as text and its members by key; a member that is not there reads as "". */
export function traceState(of: (evaluation: Evaluation) => { traceState: string }): EntriesField {
  return {
    kind: 'entries',
    type: 'string',
    get: (evaluation) => of(evaluation).traceState,
    set: (evaluation, value) => {
      of(evaluation).traceState = expectString(value);
    },
    entry: (evaluation, key) => read(of(evaluation).traceState, key),
    setEntry: (evaluation, key, value) => {
      const record = of(evaluation);
      record.traceState = write(record.traceState, key, value);
    },
  };
}
