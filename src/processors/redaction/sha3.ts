import { bytes } from '../../model/bytes.ts';

/** Bytes taken in between two permutations, for a digest of 256 bits. */
const rateBytes = 136;
const digestLanes = 4;

const roundConstants = [
  0x1n,
  0x8082n,
  0x800000000000808an,
  0x8000000080008000n,
  0x808bn,
  0x80000001n,
  0x8000000080008081n,
  0x8000000000008009n,
  0x8an,
  0x88n,
  0x80008009n,
  0x8000000an,
  0x8000808bn,
  0x800000000000008bn,
  0x8000000000008089n,
  0x8000000000008003n,
  0x8000000000008002n,
  0x8000000000000080n,
  0x800an,
  0x800000008000000an,
  0x8000000080008081n,
  0x8000000000008080n,
  0x80000001n,
  0x8000000080008008n,
];

/** The lanes in the order in which rho and pi visit them, and by how many bits each is turned. Source: FIPS 202, 3.2.2 and 3.2.3. */
const path = Array.from({ length: 24 }, () => ({ lane: 0, turn: 0n }));
for (let step = 0, x = 1, y = 0; step < 24; step++) {
  [x, y] = [y, (2 * x + 3 * y) % 5];
  path[step] = { lane: x + 5 * y, turn: BigInt((((step + 1) * (step + 2)) / 2) % 64) };
}

/** SHA3-256 in lower-case hex. Source: FIPS 202. */
export function sha3(message: Uint8Array): string {
  const padded = new Uint8Array(Math.ceil((message.length + 1) / rateBytes) * rateBytes);
  padded.set(message);
  padded[message.length] = 0x06;
  padded[padded.length - 1] = (padded[padded.length - 1] as number) | 0x80;
  const view = new DataView(padded.buffer);
  const lanes = new BigUint64Array(25);
  for (let block = 0; block < padded.length; block += rateBytes) {
    for (let at = 0; at < rateBytes; at += 8) lanes[at / 8] = lane(lanes, at / 8) ^ view.getBigUint64(block + at, true);
    for (const constant of roundConstants) permute(lanes, constant);
  }
  const digest = new DataView(new ArrayBuffer(digestLanes * 8));
  for (let at = 0; at < digestLanes; at++) digest.setBigUint64(at * 8, lane(lanes, at), true);
  return bytes.from(digest.buffer).hexSlice();
}

function lane(lanes: BigUint64Array, at: number): bigint {
  return lanes[at] as bigint;
}

function turned(value: bigint, by: bigint): bigint {
  return BigInt.asUintN(64, (value << by) | (value >> (64n - by)));
}

function permute(lanes: BigUint64Array, constant: bigint): void {
  const columns = Array.from({ length: 5 }, (_, x) => {
    let parity = 0n;
    for (let y = 0; y < 25; y += 5) parity ^= lane(lanes, x + y);
    return parity;
  }) as [bigint, bigint, bigint, bigint, bigint];
  for (let at = 0; at < 25; at++) {
    lanes[at] = lane(lanes, at) ^ (columns[(at + 4) % 5] as bigint) ^ turned(columns[(at + 1) % 5] as bigint, 1n);
  }
  let carried = lane(lanes, 1);
  for (const step of path) {
    const next = lane(lanes, step.lane);
    lanes[step.lane] = turned(carried, step.turn);
    carried = next;
  }
  for (let y = 0; y < 25; y += 5) {
    const row = lanes.slice(y, y + 5);
    for (let x = 0; x < 5; x++) lanes[x + y] = lane(row, x) ^ (~lane(row, (x + 1) % 5) & lane(row, (x + 2) % 5));
  }
  lanes[0] = lane(lanes, 0) ^ constant;
}
