/** A run's inputs and outputs, and what of them is told elsewhere: parameters and token counts of raw bodies, finish reasons (mapping §6). */
import { type Content, chooseContent, targetOf } from './contents.ts';
import type { Target } from './dialect.ts';
import { embeddingOutputs } from './embedding.ts';
import { fillFinishReasons } from './finish-reasons.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { withReasoning } from './reasoning.ts';
import type { TraceRecord } from './record.ts';
import { RuleList } from './rule-list.ts';
import { fields, inputSources, type MergedSource, outputSources } from './rules.ts';
import { inputsOf, outputsOf } from './shapes.ts';
import type { SpanReader } from './span-reader.ts';

export interface Payload {
  readonly inputs: JsonObject | undefined;
  readonly outputs: JsonObject | undefined;
  /** The value that they were made of. */
  readonly input: Content | undefined;
  readonly output: Content | undefined;
}

type Sources = Readonly<Record<Target, RuleList<MergedSource>>>;

/** A source that reads for itself is asked of every span. */
function rulesOf(sources: Readonly<Record<Target, readonly MergedSource[]>>): Sources {
  const reads = ({ slot }: MergedSource) => (slot < 0 ? undefined : { slots: [slot] });
  return Object.fromEntries(Object.entries(sources).map(([target, list]) => [target, new RuleList(list, reads)])) as Sources;
}

const inputRules = rulesOf(inputSources);
const outputRules = rulesOf(outputSources);

export function payloadOf(
  reader: SpanReader,
  kind: Kind,
  record: TraceRecord | undefined,
  keepVectors: boolean,
  metadata: JsonObject,
): Payload {
  const target = targetOf(kind);
  const input = ofRecord(record?.inputs) ?? chooseContent(reader, inputRules[target]);
  const output = ofRecord(record?.outputs) ?? chooseContent(reader, outputRules[target]);
  const inputs = input === undefined ? undefined : inputsOf(input, kind);
  const said = outputsOfRun(reader, kind, output, keepVectors, metadata);
  const outputs = kind.runType === 'llm' && output?.source.verbatim !== true ? withReasoning(reader, said) : said;
  return { inputs, outputs, input, output };
}

const recordSource: MergedSource = { to: [], side: 'inputs', rank: 0, slot: -1, dialect: -1 };

function ofRecord(value: Json | undefined): Content | undefined {
  return value === undefined ? undefined : { value, source: recordSource };
}

function outputsOfRun(
  reader: SpanReader,
  kind: Kind,
  output: Content | undefined,
  keepVectors: boolean,
  metadata: JsonObject,
): JsonObject | undefined {
  if (kind.runType === 'embedding' && output?.source.verbatim !== true) {
    const { outputs, dropped } = embeddingOutputs(reader, output?.value, keepVectors);
    if (dropped) metadata.otel_embeddings_dropped = true;
    return outputs;
  }
  if (output === undefined) return undefined;
  const callId = kind.runType === 'tool' ? reader.firstText(fields.toolCallId) : undefined;
  const outputs = outputsOf(output, kind, callId);
  if (kind.runType === 'llm' && output.source.verbatim !== true) fillFinishReasons(reader, outputs, metadata);
  return outputs;
}

/** A raw request or answer: an object with the members of a provider's API beside the messages. */
export function bodyOf(content: Content | undefined): JsonObject | undefined {
  return content !== undefined && content.source.verbatim !== true && isObject(content.value) ? content.value : undefined;
}
