/**
 * Dify's records as runs (mapping §19). Read `trace-types.ts` for what becomes of which field, `fields.ts` for where the fields stand.
 */
import { uuidOrNone } from '../../../../model/ids.ts';
import { uuidV5 } from '../../../../model/uuid-v5.ts';
import { flagOf, floatOf, intOf, isEmptyContent, memberOf, numberOf } from '../coerce.ts';
import { type Counts, newCounts } from '../counts.ts';
import { isoMicros } from '../iso-time.ts';
import { emptyObject, isArray, type Json, type JsonObject, stringOf } from '../json.ts';
import { jsonText } from '../json-writer.ts';
import { slot } from '../keys.ts';
import { type KindText, kindOf } from '../kind.ts';
import { providerOf } from '../provider.ts';
import type { TraceRecord } from '../record.ts';
import type { SpanReader } from '../span-reader.ts';
import { DifyFields, difyFields } from './fields.ts';
import { everyMetadata, modelCall, modelNodes, node, nodeKinds, type TraceType, traceTypes } from './trace-types.ts';

const names = difyFields([
  ...Object.values(traceTypes).flatMap(fieldsOf),
  ...fieldsOf(modelCall),
  ...everyMetadata,
  ...['conversation_id', 'ls_provider', 'ls_model_name', 'model_provider', 'model_id', 'model_name', 'usage', 'total_price', 'currency'],
  ...['start_time', 'end_time', 'metrics_from_parent', 'error', 'node_type'],
]);

function fieldsOf(type: TraceType): string[] {
  const usage = typeof type.usage === 'object' ? Object.values(type.usage) : [];
  const single = [type.namedBy, type.taggedBy, type.parent].filter((field) => field !== undefined);
  return [...single, ...(type.id ?? []), ...type.inputs, ...type.outputs, ...(type.outputFields ?? []), ...usage, ...type.metadata];
}

const typeSlots = ['dify.trace_type', 'dify.trace.type'].map(slot);
const operationType = slot('operation_type');
const spanType = slot('dify.span.type');
const metadataSlot = slot('metadata');
const spanStatus = slot('dify.span.status');
const errorMessage = slot('error.message');
const synonyms: Readonly<Record<string, string>> = {
  generate_conversation_name: 'generate_name',
  conversation: 'message',
  chat: 'message',
  node_execution: 'node',
};

/** The record in a span of Dify's; `undefined` for its other spans (HTTP, queues). */
export function difyRecord(reader: SpanReader, usageOwner: 'message' | 'leaf'): TraceRecord | undefined {
  const fields = new DifyFields(reader, names);
  const said = typeOf(reader);
  const nodeType = fields.text('node_type');
  const isNode = nodeType !== '' ? said === undefined || !Object.hasOwn(traceTypes, said) || said === 'tool' : said === 'node';
  const type = isNode ? { ...node, kind: nodeKind(reader, nodeType) } : said === 'llm' ? modelCall : traceTypes[said ?? ''];
  if (type === undefined) return undefined;
  const isInner = isNode || type === modelCall;
  const owner = isInner ? usageOwner === 'message' && fields.text('message_id') !== '' : said === 'message' && usageOwner === 'leaf';
  return recordOf(reader, fields, type, owner);
}

/** The first word for the type that is one (mapping §19.2). */
function typeOf(reader: SpanReader): string | undefined {
  const metadata = reader.peekJson(metadataSlot);
  const candidates: (Json | undefined)[] = [
    ...typeSlots.map((slot) => reader.peekText(slot)),
    memberOf(metadata, 'trace_entity_type'),
    reader.peekText(operationType),
    memberOf(metadata, 'dify.span.kind'),
    reader.peekText(spanType),
    reader.span.name,
  ];
  for (const candidate of candidates) {
    const type = normalized(stringOf(candidate) ?? '');
    if (type === 'llm' || type === 'node' || Object.hasOwn(traceTypes, type)) return type;
  }
  return undefined;
}

/** `WorkflowTraceInfo`, `message_trace`, `generate_conversation_name` in the words of the tables. */
function normalized(given: string): string {
  const type = given
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/_trace(?:_info)?$/, '');
  return Object.hasOwn(synonyms, type) ? (synonyms[type] as string) : type;
}

const tokenSigns = ['gen_ai.usage.input_tokens', 'gen_ai.usage.total_tokens', 'dify.usage'].map(slot);

function nodeKind(reader: SpanReader, type: string): KindText {
  if (Object.hasOwn(nodeKinds, type)) return nodeKinds[type] as KindText;
  return modelNodes.has(type) && reader.hasAny(tokenSigns) ? 'llm' : 'chain';
}

function recordOf(reader: SpanReader, fields: DifyFields, type: TraceType, countedElsewhere: boolean): TraceRecord {
  const kind = kindOf(type.kind);
  const id = fields.first(type.id ?? []);
  const idText = id === undefined ? '' : (stringOf(id) ?? String(id));
  const metadata = metadataOf(fields, type);
  const { totalCost, price } = priceOf(fields);
  return {
    kind,
    runId: idText === '' ? '' : idOf(idText),
    name: nameOf(fields, type, idText),
    tags: [...type.tags, ...(type.taggedBy === undefined ? [] : [fields.text(type.taggedBy)])].filter((tag) => tag !== ''),
    parentRunId: type.parent === undefined ? '' : idOf(fields.text(type.parent)),
    otherParentRunId: type.otherParent === undefined ? '' : idOf(fields.text(type.otherParent)),
    inputs: contentOf(fields, type.inputs),
    outputs: outputsOf(fields, type),
    counts: countsOf(fields, type),
    aggregate: countedElsewhere || isTrue(fields.get('metrics_from_parent')),
    totalCost,
    model: modelOf(fields),
    metadata: { ...metadata, ...price, ...handledError(reader) },
    error: type.failable === true ? errorOf(fields) : '',
    startMicros: timeOf(fields, 'start_time'),
    endMicros: timeOf(fields, 'end_time'),
  };
}

/** What is no text stays an attribute. */
function errorOf(fields: DifyFields): string {
  const error = fields.text('error');
  if (error !== '') fields.take('error');
  return error;
}

/** LangSmith takes UUIDs only; Dify's other ids become the same UUID wherever they are said. */
function idOf(given: string): string {
  return given === '' ? '' : uuidOrNone(given) || uuidV5('dify', given);
}

function nameOf(fields: DifyFields, { name, namedBy }: TraceType, id: string): string {
  if (namedBy !== undefined) return fields.text(namedBy);
  return id === '' ? name : `${name}_${id}`;
}

function contentOf(fields: DifyFields, candidates: readonly string[]): Json | undefined {
  const field = candidates.find((candidate) => !isEmptyContent(fields.get(candidate)));
  return field === undefined ? undefined : fields.take(field);
}

function outputsOf(fields: DifyFields, type: TraceType): Json | undefined {
  const outputs = contentOf(fields, type.outputs);
  if (outputs !== undefined)
    return type.kind.startsWith('llm') && isQuestions(outputs) ? [{ role: 'assistant', content: jsonText(outputs) }] : outputs;
  const made = emptyObject();
  for (const field of type.outputFields ?? []) made[field] = fields.take(field);
  return Object.values(made).some((value) => value !== undefined) ? made : undefined;
}

/** A list of texts is what the model wrote as one JSON text. */
function isQuestions(value: Json): boolean {
  return isArray(value) && value.every((element) => stringOf(element) !== undefined);
}

const numbers = new Set(['total_tokens', 'elapsed_time', 'time_cost']);

function metadataOf(fields: DifyFields, type: TraceType): JsonObject {
  const metadata = emptyObject();
  for (const list of [type.metadata, everyMetadata]) {
    for (const field of list) {
      const value = fields.take(field);
      if (value !== undefined) metadata[field] = numbers.has(field) ? (numberOf(value) ?? value) : value;
    }
  }
  return metadata;
}

function countsOf(fields: DifyFields, { usage }: TraceType): Counts | 'none' | undefined {
  if (usage === undefined || usage === 'none') return usage;
  const own = fields.get('usage');
  const counts = newCounts();
  counts.input = intOf(usage.input === undefined ? undefined : fields.get(usage.input)) ?? intOf(memberOf(own, 'prompt_tokens'));
  counts.output = intOf(usage.output === undefined ? undefined : fields.get(usage.output)) ?? intOf(memberOf(own, 'completion_tokens'));
  counts.total = intOf(fields.get(usage.total)) ?? intOf(memberOf(own, 'total_tokens'));
  return counts.input === undefined && counts.output === undefined && counts.total === undefined ? undefined : counts;
}

/** A price in another currency is nothing that LangSmith could add up. */
function priceOf(fields: DifyFields): { readonly totalCost: number | undefined; readonly price: JsonObject } {
  const usage = fields.get('usage');
  const cost = floatOf(memberOf(usage, 'total_price') ?? fields.get('total_price'));
  const currency = stringOf(memberOf(usage, 'currency') ?? fields.get('currency'));
  if (cost === undefined || cost === 0) return { totalCost: undefined, price: {} };
  return currency === 'USD' ? { totalCost: cost, price: {} } : { totalCost: undefined, price: { cost, cost_currency: currency } };
}

function modelOf(fields: DifyFields): JsonObject {
  const model = emptyObject();
  const provider = stringOf(fields.first(['ls_provider', 'model_provider']));
  const name = stringOf(fields.first(['ls_model_name', 'model_id', 'model_name']));
  if (provider !== undefined) model.ls_provider = providerOf(provider);
  if (name !== undefined) model.ls_model_name = name;
  return model;
}

function handledError(reader: SpanReader): JsonObject {
  if (reader.peekText(spanStatus) !== 'handled_error') return {};
  return { handled_error: reader.span.status.message || reader.peekText(errorMessage) };
}

function isTrue(value: Json | undefined): boolean {
  return flagOf(typeof value === 'boolean' ? value : stringOf(value)) === true;
}

function timeOf(fields: DifyFields, field: string): number {
  const value = fields.get(field);
  return isoMicros(stringOf(value) ?? null) ?? 0;
}
