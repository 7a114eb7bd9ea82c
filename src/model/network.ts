/**
 * Whom limits by address are for: an IPv4 address, or the /64 that one IPv6 customer gets (RFC 6177), since whoever has one address of it has them all.
 * '' where no address is known.
 */
export function networkOf(address: string): string {
  const bare = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  if (!bare.includes(':')) return bare;
  const [head = '', tail] = bare.split('%', 1)[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...new Array<string>(zeros).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
