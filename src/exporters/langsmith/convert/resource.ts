import type { Resource, Scope } from '../../../model/batch.ts';
import { bytes } from '../../../model/bytes.ts';
import { emptyObject, isRange, isVoid, type Json, type JsonObject, RawJson } from './json.ts';
import { jsonOfValue } from './json-text.ts';
import { ByteWriter } from './json-writer.ts';
import { compare } from './keys.ts';
import type { SharedMetadata } from './metadata.ts';
import { renames } from './rules.ts';

/** What the runs of one resource and scope have in common. */
export interface Surroundings {
  /** Resource attributes that are facts to filter by. */
  readonly metadata: SharedMetadata;
  /** `extra.runtime` */
  readonly runtime: RawJson | undefined;
  /** The parts of `extra.otel`: all of the resource for roots, and for others what is nowhere else. */
  readonly resource: RawJson | undefined;
  readonly resourceRest: RawJson | undefined;
  readonly scope: RawJson | undefined;
}

const runtimeNames: ReadonlyMap<string, string> = new Map([
  ['telemetry.sdk.name', 'sdk'],
  ['telemetry.sdk.version', 'sdk_version'],
  ['telemetry.sdk.language', 'language'],
  ['process.runtime.name', 'runtime'],
  ['process.runtime.version', 'runtime_version'],
  ['os.type', 'platform'],
  ['host.arch', 'arch'],
]);
const environments = ['deployment.environment.name', 'deployment.environment'];
const scalarBytesMax = 1_024;

/** Of all resources and scopes: what it writes for one is small, and memory of its own would cost more than writing it. */
const writer = new ByteWriter();

/** Made once per resource and scope, and written once: all spans that share them get the same bytes. */
export function surroundingsOf(resource: Resource, scope: Scope): Surroundings {
  const metadata = emptyObject();
  const runtime = emptyObject();
  const attributes = emptyObject();
  const rest = emptyObject();
  for (const key of [...resource.attributes.keys()].sort(compare)) {
    const value = jsonOfValue(resource.attributes.get(key) ?? null);
    attributes[key] = value;
    const runtimeName = runtimeNames.get(key);
    if (runtimeName !== undefined) runtime[runtimeName] = value;
    else if (isFact(value)) metadata[renames.get(key) ?? key] = value;
    else rest[key] = value;
  }
  for (const key of environments) if (metadata[key] !== undefined) metadata.environment ??= metadata[key];
  writeScope(scope, metadata, runtime);
  const [members, ofRuntime, whole, part, ofScope] = written([
    metadata,
    runtime,
    resourceFacts(resource, attributes),
    resourceFacts(resource, rest),
    scopeFacts(scope),
  ]);
  return {
    metadata: { values: metadata, members: inside(members) },
    runtime: ofRuntime,
    resource: whole,
    resourceRest: part,
    scope: ofScope,
  };
}

/** All in one range of bytes: who copies from them copies from one place. */
function written(facts: readonly (JsonObject | undefined)[]): readonly (RawJson | undefined)[] {
  writer.clear();
  const ends = facts.map((each) => {
    if (each !== undefined && !isVoid(each)) writer.write(each);
    return writer.length;
  });
  const json = writer.take();
  return ends.map((end, at) => {
    const start = ends[at - 1] ?? 0;
    return start === end ? undefined : new RawJson(undefined, json, start, end);
  });
}

/** An object's members, without its braces. */
function inside(object: RawJson | undefined): RawJson | undefined {
  return object && new RawJson(undefined, object.source, object.start + 1, object.end - 1);
}

/** Small enough and flat: something to filter by (mapping §14.1). */
export function isFact(value: Json | undefined): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value.length <= scalarBytesMax && bytes.byteLength(value) <= scalarBytesMax;
  if (isRange(value)) return value.end - value.start <= scalarBytesMax;
  if (Array.isArray(value)) return value.length <= 64 && value.every((element) => typeof element !== 'object' && isFact(element));
  return typeof value !== 'object';
}

function writeScope(scope: Scope, metadata: JsonObject, runtime: JsonObject): void {
  if (scope.name === '') return;
  metadata.otel_scope_name = scope.name;
  runtime.library = scope.name;
  if (scope.version === '') return;
  metadata.otel_scope_version = scope.version;
  runtime.library_version = scope.version;
}

function resourceFacts(resource: Resource, attributes: JsonObject): JsonObject | undefined {
  if (isVoid(attributes)) return undefined;
  const facts: JsonObject = { attributes };
  if (resource.schemaUrl !== '') facts.schema_url = resource.schemaUrl;
  if (resource.droppedAttributesCount > 0) facts.dropped_attributes_count = resource.droppedAttributesCount;
  return facts;
}

function scopeFacts(scope: Scope): JsonObject {
  const facts = emptyObject();
  if (scope.name !== '') facts.name = scope.name;
  if (scope.version !== '') facts.version = scope.version;
  if (scope.schemaUrl !== '') facts.schema_url = scope.schemaUrl;
  if (scope.attributes.size > 0) {
    const attributes = emptyObject();
    for (const key of [...scope.attributes.keys()].sort(compare)) attributes[key] = jsonOfValue(scope.attributes.get(key) ?? null);
    facts.attributes = attributes;
  }
  return facts;
}
