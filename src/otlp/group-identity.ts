import type { Resource, Scope } from '../model/batch.ts';
import { WireResource, WireScope } from './wire-groups.ts';

/** Larger ones are rare, and their text costs what it saves. */
const bytesMax = 4_096;

/**
 * A resource and a scope as one text: where it is the same, they are. It does not hold on to the request. `undefined` where there is none: an attribute was
 * changed since they were read, they were made here, or they are large.
 */
export function groupIdentity(resource: Resource, scope: Scope): string | undefined {
  if (!(resource instanceof WireResource && scope instanceof WireScope)) return undefined;
  if (resource.attributes.changed || scope.attributes.changed) return undefined;
  const one = resource.wire;
  const other = scope.wire;
  const oneLength = one.end - one.start;
  const otherLength = other.end - other.start;
  if (oneLength + otherLength > bytesMax || oneLength === 0) return undefined;
  // What can be changed beside the attributes comes as it is now. The lengths in front say what belongs to which.
  const { name, version } = scope;
  const lengths = `${oneLength} ${otherLength} ${resource.schemaUrl.length} ${name.length} ${version.length}`;
  const counts = `${resource.droppedAttributesCount} ${scope.droppedAttributesCount}`;
  const texts = resource.schemaUrl + name + version + scope.schemaUrl;
  return `${lengths} ${counts} ${one.source.latin1Slice(one.start, one.end)}${other.source.latin1Slice(other.start, other.end)}${texts}`;
}
