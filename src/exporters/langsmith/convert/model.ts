/** `ls_provider`, `ls_model_name` and what belongs to them (mapping §8.1–8.3, §9). */
import { memberOf } from './coerce.ts';
import { type Json, type JsonObject, stringOf } from './json.ts';
import { type Slot, slot, topic } from './keys.ts';
import type { Kind } from './kind.ts';
import { knownProvider, providerOf, providerOfHost, providerOfModel } from './provider.ts';
import { fields, nestedFields } from './rules.ts';
import type { SpanReader } from './span-reader.ts';

const responseModels = ['gen_ai.response.model', 'ai.response.model', 'llm.response.model_name', 'langfuse.observation.model.name'].map(
  slot,
);
const hosts = ['server.address', 'url.full', 'gen_ai.openai.api_base'].map(slot);
const rawProviders: readonly (readonly [Slot, string])[] = [
  [slot('gen_ai.system'), 'gen_ai_system'],
  [slot('gen_ai.provider.name'), 'gen_ai_provider_name'],
];
const named = [...new Set([...fields.model, ...fields.requestModel])];
const told = topic([
  ...named,
  ...responseModels,
  ...hosts,
  ...fields.provider,
  ...rawProviders.map(([slot]) => slot),
  ...nestedFields.map(({ slot }) => slot),
]);
const modelRuns = new Set(['llm', 'embedding', 'retriever']);

interface Bodies {
  readonly request: Json | undefined;
  readonly answer: Json | undefined;
}

/** Writes the derived keys into `metadata`. `explicit` holds what the sender says in so many words; `bodies`: the names in raw bodies. */
export function writeModel(reader: SpanReader, kind: Kind, explicit: JsonObject, bodies: Bodies, metadata: JsonObject): void {
  if (!reader.speaksOf(told) && isSilent(explicit, bodies)) return;
  const name = modelName(reader, bodies);
  const bare = name === undefined ? undefined : bareName(name);
  const model = stringOf(explicit.ls_model_name) ?? bare?.name;
  if (model !== undefined) metadata.ls_model_name = model;
  writeModelNames(reader, model, bodies, metadata);
  writeProvider(reader, kind, explicit, model, bare?.provider, metadata);
}

function isSilent(explicit: JsonObject, { request, answer }: Bodies): boolean {
  return request === undefined && answer === undefined && explicit.ls_model_name === undefined && explicit.ls_provider === undefined;
}

/** The answer's model, since a deployment's or router's name in the request finds no price; the request's where the answer's is none. */
function modelName(reader: SpanReader, bodies: Bodies): string | undefined {
  for (const slot of fields.model) {
    const name = reader.peekText(slot);
    if (name === undefined || (responseModels.includes(slot) && isNoName(name))) continue;
    return name;
  }
  return stringOf(bodies.answer) ?? stringOf(bodies.request) ?? nestedField(reader, 'model');
}

function isNoName(name: string): boolean {
  return /^unknown$|\.gguf$|^\/|^[0-9a-f]{8}-[0-9a-f-]{27}$|^[0-9a-f]{32,}$/i.test(name);
}

/** Without paths, ARNs and a provider's name before it. */
function bareName(given: string): { readonly name: string; readonly provider?: string } {
  let name = given.replace(/^models\/|^publishers\/[^/]+\/models\/|^projects\/.*\/models\//, '');
  if (name.startsWith('arn:')) name = name.slice(name.lastIndexOf('/') + 1);
  const slash = name.indexOf('/');
  if (slash <= 0) return { name };
  const first = name.slice(0, slash).toLowerCase();
  const rest = name.slice(slash + 1);
  if (first === 'openrouter') return { name: rest, provider: 'openrouter' };
  const provider = knownProvider(first);
  return provider === undefined ? { name } : { name: rest, provider };
}

/** The names that were sent, where they differ from the one that counts. */
function writeModelNames(reader: SpanReader, model: string | undefined, bodies: Bodies, metadata: JsonObject): void {
  const asked = stringOf(bodies.request) ?? reader.firstPeek(fields.requestModel);
  const answered = reader.firstPeek(responseModels) ?? stringOf(bodies.answer);
  if (asked !== undefined && asked !== model && asked !== answered) metadata.request_model = asked;
  if (answered !== undefined && answered !== model) metadata.response_model = answered;
  for (const slot of named) {
    const name = reader.peekText(slot);
    if (name !== undefined && (name === model || name === asked || name === answered)) reader.use(slot);
  }
}

function writeProvider(
  reader: SpanReader,
  kind: Kind,
  explicit: JsonObject,
  model: string | undefined,
  prefix: string | undefined,
  metadata: JsonObject,
): void {
  const said = stringOf(explicit.ls_provider) ?? attributeProvider(reader) ?? hostProvider(reader) ?? prefix;
  const provider = said ?? (model !== undefined && modelRuns.has(kind.runType) ? inferredProvider(reader, model) : undefined);
  if (provider !== undefined) metadata.ls_provider = provider;
  if (said === undefined && provider !== undefined) metadata.ls_provider_inferred = true;
  for (const [slot, key] of rawProviders) {
    const raw = reader.takeText(slot);
    if (raw !== undefined && raw !== provider) metadata[key] = raw;
  }
}

/** Google's models are sold twice; who runs on its cloud buys them there. */
function inferredProvider({ resource }: SpanReader, model: string): string | undefined {
  const provider = providerOfModel(model);
  return provider === 'google_genai' && resource.attributes.get('cloud.provider') === 'gcp' ? 'google_vertexai' : provider;
}

function attributeProvider(reader: SpanReader): string | undefined {
  for (const slot of fields.provider) {
    const raw = reader.peekText(slot);
    const provider = raw === undefined ? undefined : providerOf(raw);
    if (provider === undefined) continue;
    if (provider === raw) reader.use(slot);
    return provider;
  }
  const nested = nestedField(reader, 'provider');
  return nested === undefined ? undefined : providerOf(nested);
}

function nestedField(reader: SpanReader, wanted: 'model' | 'provider'): string | undefined {
  for (const { field, slot, path } of nestedFields) {
    if (field !== wanted || !reader.has(slot)) continue;
    let value = reader.peekJson(slot);
    for (const name of path) value = memberOf(value, name);
    const text = stringOf(value);
    if (text !== undefined) return text;
  }
  return undefined;
}

function hostProvider(reader: SpanReader): string | undefined {
  for (const slot of hosts) {
    const address = reader.peekText(slot);
    const provider = address === undefined ? undefined : providerOfHost(address);
    if (provider !== undefined) return provider;
  }
  return undefined;
}
