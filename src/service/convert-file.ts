/** A file of OTLP as what it becomes: what `spanway convert` shows. */
import type { ServiceConfig } from '../config/load.ts';
import type { Caller } from '../model/batch.ts';
import { Fault } from '../model/fault.ts';
import { callerOf, readRequest } from './trial/request.ts';
import { type Collected, type Json, runsOf, Trial } from './trial/trial.ts';

/**
 * `file`: an OTLP request as JSON or protobuf, possibly gzipped. Each run stands for itself: parents are named by their run id, and
 * `dotted_order` is that of a root, since what comes before is not known. Throws a `Fault` for what is not OTLP.
 */
export function convertFile(file: Buffer): readonly Json[] {
  const batch = readRequest(file, callerOf('convert'));
  if (batch.signal === 'logs') throw new Fault('GW_DECODE_WRONG_SIGNAL', 'cannot show runs: the file holds log records and no spans');
  return runsOf(batch);
}

/** Who sends a file: to which receiver (the first if absent), with which headers (names in lower case). */
export interface Sender {
  readonly receiver?: string | undefined;
  readonly metadata: Caller['metadata'];
}

const nobody: Sender = { metadata: new Map() };

/** What comes to each exporter of a configuration: runs where it is a `langsmith` exporter, else OTLP/JSON. */
export async function convertThrough(config: ServiceConfig, file: Buffer, sender = nobody): Promise<Json> {
  const trial = new Trial(config);
  await trial.send(readRequest(file, callerIn(trial, sender)));
  return Object.fromEntries([...trial.collected].map(([id, collected]) => [id, collected.runs ?? otlpOf(collected)]));
}

/** What the redactions of a configuration remove from a file, a line for each place: by whom, by which rule, where, how often. Never what it was. */
export async function explainRedaction(config: ServiceConfig, file: Buffer, sender = nobody): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  const trial = new Trial(config, (processor, rule, place) => {
    const line = `${processor}: ${rule}: ${place}`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  });
  await trial.send(readRequest(file, callerIn(trial, sender)));
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
}

function callerIn({ receivers }: Trial, { receiver, metadata }: Sender): Caller {
  return { ...callerOf(receiver ?? receivers[0] ?? ''), metadata };
}

/** As OTLP/JSON, without a signal that did not come. */
function otlpOf({ resourceSpans, resourceLogs }: Collected): Json {
  return { ...(resourceSpans.length > 0 ? { resourceSpans } : {}), ...(resourceLogs.length > 0 ? { resourceLogs } : {}) };
}
