/** `extra.invocation_params`, and the `ls_*` keys that repeat some of them (mapping §8.1, §8.4). Per parameter the first source wins. */
import { flagOf, intOf, numberOf } from './coerce.ts';
import { emptyObject, isArray, isObject, isSame, isText, isVoid, type Json, type JsonObject, textOf } from './json.ts';
import { compare, family, inOrder, slot, topic } from './keys.ts';
import type { Kind } from './kind.ts';
import { toolsOf } from './messages/messages.ts';
import { RuleList } from './rule-list.ts';
import { fields, type MergedParameter, parameterRules, toolSlots } from './rules.ts';
import type { SpanReader } from './span-reader.ts';
import { schemaInParameters } from './tool-parameters.ts';
import { takeTree } from './tree.ts';

const tools = family('llm.tools.', true);
const functions = family('llm.request.functions.', true);
const toolMember = /^(?:tool\.)?json_schema$/;
const functionMember = /^(?:name|description|parameters)$/;
const toolFacts: readonly (readonly [number, string])[] = [
  [slot('gen_ai.tool.description'), 'tool_description'],
  [slot('tool.description'), 'tool_description'],
  [slot('gen_ai.tool.type'), 'tool_type'],
  [slot('tool.json_schema'), 'tool_schema'],
  [slot('spring.ai.tool.definition.description'), 'tool_description'],
  [slot('spring.ai.tool.definition.schema'), 'tool_schema'],
];
const schemaOrArguments = slot('tool.parameters');

const rules = new RuleList(parameterRules, ({ slot, family }) => ({ slots: [slot], families: [family] }));
const asked = topic(
  [...parameterRules.map(({ slot }) => slot), ...toolSlots, ...toolFacts.map(([slot]) => slot), schemaOrArguments, ...fields.requestModel],
  [...parameterRules.map(({ family }) => family), tools, functions],
);

const secretHeader = /^(?:authorization|proxy-authorization|x-api-key|api-key|cookie|set-cookie)$/i;
/** Parameters with a place of their own, and what is no parameter: they stay out of `ls_invocation_params`. */
const notRepeated = new Set([
  'model',
  'temperature',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'tools',
  'messages',
  'headers',
  'extra_body',
  'extra_query',
]);
const numbers = new Set([
  'temperature',
  'top_p',
  'top_k',
  'seed',
  'frequency_penalty',
  'presence_penalty',
  'max_tokens',
  'n',
  'max_completion_tokens',
]);

export function parametersOfSpan(reader: SpanReader, kind: Kind, body: JsonObject | undefined): JsonObject {
  const found = emptyObject();
  if (body === undefined && !reader.speaksOf(asked)) return found;
  for (const rule of reader.rulesOf(rules)) apply(reader, rule, found);
  add(found, 'model', reader.firstPeek(fields.requestModel));
  for (const key of Object.keys(body ?? {})) if (key !== 'tools') add(found, key, body?.[key]);
  const offered = toolsOfSpan(reader) ?? body?.tools;
  if (offered !== undefined) found.tools = offered;
  if (kind.runType === 'tool') {
    for (const [slot, name] of toolFacts) if (add(found, name, reader.peekJson(slot))) reader.use(slot);
    if (found.tool_schema === undefined) add(found, 'tool_schema', schemaInParameters(reader));
  }
  return found;
}

function apply(reader: SpanReader, rule: MergedParameter, found: JsonObject): void {
  if (rule.family >= 0) {
    for (const position of reader.sortedMembers(rule.family)) {
      if (reader.isUsed(position)) continue;
      const name = parameterName(rule, reader.planAt(position)?.rest ?? '');
      if (name !== '' && add(found, name, reader.jsonAt(position))) reader.useAt(position);
    }
    return;
  }
  const value = reader.peekJson(rule.slot);
  if (value === undefined) return;
  if (rule.parameter !== undefined) {
    if (add(found, rule.parameter, value)) reader.use(rule.slot);
  } else if (isObject(value)) {
    let lost = false;
    for (const key in value) {
      const name = parameterName(rule, key);
      if (name === '' || !add(found, name, value[key])) lost = true;
    }
    if (!lost) reader.use(rule.slot);
  }
}

function parameterName(rule: MergedParameter, given: string): string {
  const renamed = rule.rename === undefined || !Object.hasOwn(rule.rename, given) ? undefined : rule.rename[given];
  if (renamed !== undefined) return renamed;
  if (rule.rename !== undefined && Object.hasOwn(rule.rename, '*')) return '';
  return rule.camelCase === true ? given.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : given;
}

/** Whether the value now stands there. */
function add(found: JsonObject, name: string, given: Json | undefined): boolean {
  const value = parameterValue(name, given);
  if (isVoid(value)) return false;
  if (name in found) return isSame(found[name], value);
  found[name] = value;
  return true;
}

function parameterValue(name: string, given: Json | undefined): Json | undefined {
  if (given === undefined) return undefined;
  if (numbers.has(name)) return numberOf(given) ?? given;
  if (name === 'stream') return flagOf(isText(given) ? textOf(given) : given) ?? given;
  if (name === 'stop') return isText(given) ? [given] : given;
  if (name !== 'headers' || !isObject(given)) return given;
  const safe = emptyObject();
  for (const key of Object.keys(given)) if (!secretHeader.test(key)) safe[key] = given[key];
  return safe;
}

function toolsOfSpan(reader: SpanReader): Json | undefined {
  for (const slot of toolSlots) {
    const value = reader.peekJson(slot);
    const list = value === undefined || isVoid(value) ? undefined : toolsOf(unpacked(reader, value));
    if (list === undefined || list.length === 0) continue;
    reader.use(slot);
    return list.map(namedTool);
  }
  const indexed = takeTree(reader, tools, toolMember) ?? takeTree(reader, functions, functionMember);
  if (indexed === undefined) return undefined;
  const list = toolsOf(indexed.map((entry) => toolEntry(reader, entry)));
  return list === undefined || list.length === 0 ? undefined : list;
}

/** Some tell only what their tools are called. */
function namedTool(tool: Json): Json {
  return isText(tool) ? { type: 'function', function: { name: tool } } : tool;
}

function unpacked(reader: SpanReader, value: Json): Json {
  return isArray(value) ? value.map((entry) => (isText(entry) ? reader.unpack(entry) : entry)) : value;
}

/** `llm.tools.N.tool.json_schema` holds a whole tool as JSON text, `llm.request.functions.N.parameters` a schema. */
function toolEntry(reader: SpanReader, entry: Json): Json {
  if (!isObject(entry)) return entry;
  const tool = isObject(entry.tool) ? entry.tool : entry;
  const schema = tool.json_schema;
  if (schema !== undefined) return isText(schema) ? reader.unpack(schema) : schema;
  const { parameters } = tool;
  return isText(parameters) ? { ...tool, parameters: reader.unpack(parameters) } : tool;
}

/** The keys by which LangSmith compares experiments. */
export function writeParameterKeys(found: JsonObject, metadata: JsonObject): void {
  const temperature = numberOf(found.temperature);
  if (temperature !== undefined) metadata.ls_temperature = temperature;
  const maxTokens = intOf(found.max_tokens) ?? intOf(found.max_completion_tokens) ?? intOf(found.max_output_tokens);
  if (maxTokens !== undefined) metadata.ls_max_tokens = maxTokens;
  if (isArray(found.stop)) metadata.ls_stop = found.stop;
  const others = emptyObject();
  for (const key of inOrder(Object.keys(found), compare)) if (!notRepeated.has(key)) others[key] = found[key];
  if (!isVoid(others)) metadata.ls_invocation_params = others;
}
