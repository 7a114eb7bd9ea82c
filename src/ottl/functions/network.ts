import { bytes } from '../../model/bytes.ts';
import { sha1 } from '../../model/hash/sha1.ts';
import type { Evaluation } from '../evaluation.ts';
import { OttlError } from '../fault.ts';
import { converter, type Getter, getter, listOf, optional } from '../function.ts';
import { type Address, contains, type Network, parseAddress, parseNetwork } from './net/address.ts';
import { prepared } from './prepared.ts';

function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (!network) throw new OttlError('invalid network: write it in CIDR notation, as in 10.0.0.0/8', { parameter: 'networks' });
  return network;
}

function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (!address) throw new OttlError('invalid IP address');
  return address;
}

export const isInCidr = converter({
  name: 'IsInCIDR',
  summary: 'Whether an IP address lies in one of some networks.',
  example: 'IsInCIDR(span.attributes["client.address"], ["10.0.0.0/8", "192.168.0.0/16"])',
  parameters: { target: getter.string, networks: listOf(getter.string) },
  result: 'bool',
  compile: ({ target, networks }) => {
    const parsed = networks.map((network) => prepared(network, networkOf));
    return (evaluation) => {
      const address = addressOf(target(evaluation));
      return parsed.some((network) => contains(network(evaluation), address));
    };
  },
});

const protocols: ReadonlyMap<string, number> = new Map([
  ['ICMP', 1],
  ['TCP', 6],
  ['UDP', 17],
  ['RSVP', 46],
  ['ICMP6', 58],
  ['SCTP', 132],
]);

function uint16(value: Getter<bigint>, evaluation: Evaluation, what: string): number {
  const number = value(evaluation);
  if (number < 0n || number > 65_535n) throw new OttlError(`${what} must be between 0 and 65535, got ${number}`);
  return Number(number);
}

interface End {
  readonly address: Address;
  readonly port: number;
}

/** The same flow has the same id in both directions: the lower end stands first. */
function inOrder(one: End, other: End): readonly [End, End] {
  const difference =
    one.address.length - other.address.length || bytes.from(one.address.slice().buffer).compare(other.address) || one.port - other.port;
  return difference > 0 ? [other, one] : [one, other];
}

/** Community ID version 1: base64 of SHA-1 of seed, addresses, protocol, a zero, ports. */
function flowId(source: End, destination: End, protocol: number, seed: number): string {
  const [low, high] = inOrder(source, destination);
  const flow = [seed >> 8, seed & 0xff, ...low.address, ...high.address, protocol, 0];
  flow.push(low.port >> 8, low.port & 0xff, high.port >> 8, high.port & 0xff);
  return `1:${bytes.from(sha1(Uint8Array.from(flow)), 'hex').base64Slice()}`;
}

export const communityId = converter({
  name: 'CommunityID',
  summary: 'The Community ID of a network flow.',
  example: 'CommunityID("192.168.1.1", 54321, "10.0.0.1", 90, "UDP", 2)',
  parameters: {
    sourceIP: getter.string,
    sourcePort: getter.int,
    destinationIP: getter.string,
    destinationPort: getter.int,
    protocol: optional(getter.string),
    seed: optional(getter.int),
  },
  result: 'string',
  compile: ({ sourceIP, sourcePort, destinationIP, destinationPort, protocol, seed }) => {
    return (evaluation) => {
      const number = protocols.get(protocol ? protocol(evaluation) : 'TCP');
      if (number === undefined) throw new OttlError('unsupported protocol', { hint: `use one of ${[...protocols.keys()].join(', ')}` });
      const source = { address: addressOf(sourceIP(evaluation)), port: uint16(sourcePort, evaluation, 'source port') };
      const destination = {
        address: addressOf(destinationIP(evaluation)),
        port: uint16(destinationPort, evaluation, 'destination port'),
      };
      return flowId(source, destination, number, seed ? uint16(seed, evaluation, 'seed') : 0);
    };
  },
});
