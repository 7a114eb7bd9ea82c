import type { Caller } from '../../model/batch.ts';

const metadataPrefix = 'metadata.';
const authPrefix = 'auth.';

/** `metadata.<key>`, `auth.<attribute>`, `client.address`; any other name is a metadata key. Several values are joined with `;`. */
export function fromContext(name: string): (caller: Caller) => string | undefined {
  if (name === 'client.address') return ({ address }) => address || undefined;
  if (name.startsWith(authPrefix)) {
    const attribute = name.slice(authPrefix.length);
    return ({ auth }) => auth?.get(attribute);
  }
  const key = (name.startsWith(metadataPrefix) ? name.slice(metadataPrefix.length) : name).toLowerCase();
  return ({ metadata }) => metadata.get(key)?.join(';');
}
