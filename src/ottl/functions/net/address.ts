/** Internet addresses as bytes: 4 for IPv4 (also where it is mapped into IPv6), 16 for IPv6. */
export type Address = Uint8Array;

function parseV4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

/** The groups of one side of `::`; an IPv4 address may stand last. */
function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    if (at === parts.length - 1 && part.includes('.')) {
      const last = parseV4(part);
      if (!last) return undefined;
      groups.push((last[0]! << 8) | last[1]!, (last[2]! << 8) | last[3]!);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function parseV6(text: string): Address | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const head = groupsOf(sides[0]!);
  const tail = groupsOf(sides[1] ?? '');
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function isMapped(address: Address): boolean {
  return address.subarray(0, 10).every((byte) => byte === 0) && address[10] === 0xff && address[11] === 0xff;
}

export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (!text.includes(':')) return parseV4(text);
  const address = parseV6(text);
  return address && isMapped(address) ? address.subarray(12) : address;
}

/** A network such as `10.0.0.0/8`. */
export interface Network {
  readonly address: Address;
  readonly bits: number;
}

export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? undefined : parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (!address || !/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > address.length * 8) return undefined;
  return { address, bits: Number(length) };
}

export function contains({ address: network, bits }: Network, address: Address): boolean {
  if (network.length !== address.length) return false;
  for (let at = 0, left = bits; left > 0; at++, left -= 8) {
    const mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
    if ((network[at]! & mask) !== (address[at]! & mask)) return false;
  }
  return true;
}
