/**
 * Fuzzes the framing of both protocols on raw sockets: valid conversations, damaged. Whatever comes, the process lives, what it held is given back, and
 * the next valid request is answered.
 */
import { connect } from 'node:net';
import type { RunningReceiver } from '../receivers/running-receiver.ts';
import { tracesJsonBody } from '../receivers/running-receiver.ts';
import { call, grpcClient, portOf, post, protobufBody } from '../security/clients.ts';
import { callHeaders, FrameType, frame, hpack, preface, reset, settings, wholeCall } from '../security/http2-frames.ts';

const json = tracesJsonBody();
const post1 = (headers: string, body: string): string =>
  `POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`;

export const httpSeeds = [
  post1(`content-length: ${json.length}`, json),
  post1('transfer-encoding: chunked', `${json.length.toString(16)};a=b\r\n${json}\r\n0\r\nx-trailer: 1\r\n\r\n`),
  post1('content-encoding: gzip\r\ncontent-length: 4', '\x1f\x8b\x08\x00'),
  post1('expect: 100-continue\r\ncontent-length: 2', '{}') + post1('content-length: 2', '{}'),
  'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
].map((text) => Buffer.from(text, 'latin1'));

export const grpcSeeds = [
  Buffer.concat([preface, settings, wholeCall(1, protobufBody()), wholeCall(3, protobufBody())]),
  Buffer.concat([preface, settings, callHeaders(1), reset(1), wholeCall(3, protobufBody())]),
  Buffer.concat([preface, settings, callHeaders(1, 0), frame(FrameType.continuation, 4, 1, hpack([['x-tenant', 'a']]))]),
  Buffer.concat([preface, settings, frame(FrameType.ping, 0, 0, Buffer.alloc(8)), frame(FrameType.goAway, 0, 0, Buffer.alloc(8))]),
];

/** Bytes that break framing: ends of lines, signs of lengths, types and flags of frames. */
const nasty = [0x00, 0x01, 0x04, 0x05, 0x09, 0x0a, 0x0d, 0x20, 0x2c, 0x2d, 0x30, 0x3a, 0x3b, 0x7f, 0x80, 0xff];

/** One to six changes of a conversation. `random` gives numbers in [0, 1). */
export function damaged(seed: Buffer, random: () => number): Buffer {
  let bytes = Buffer.from(seed);
  const place = (limit: number): number => Math.floor(random() * (limit + 1));
  for (let changes = 1 + place(5); changes > 0 && bytes.length > 0; changes--) {
    const at = place(bytes.length - 1);
    const size = place(Math.min(30, bytes.length - at));
    const kind = place(4);
    if (kind === 0) bytes[at] = nasty[place(nasty.length - 1)] as number;
    else if (kind === 1) bytes[at] = (bytes[at] as number) ^ (1 << place(7));
    else if (kind === 2) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
    else if (kind === 3) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + size), bytes.subarray(at)]);
    else if (place(10) === 0) bytes = bytes.subarray(0, at);
  }
  return bytes;
}

/** In two writes, so that a cut falls anywhere; resolves when the connection is over, which this end sees to. */
function converse(port: number, bytes: Buffer, cut: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('close', () => resolve());
    socket.resume();
    socket.write(bytes.subarray(0, cut), () => socket.end(bytes.subarray(cut)));
    socket.setTimeout(100, () => socket.destroy());
  });
}

const atOnce = 20;

/** Runs for about `timeMs`; resolves with the number of conversations. Rejects if a valid request is not answered after some damaged ones. */
export async function fuzzFraming(receiver: RunningReceiver, random: () => number, timeMs: number): Promise<number> {
  const ways = [
    { port: receiver.httpPort, seeds: httpSeeds },
    { port: portOf(receiver.grpcAddress), seeds: grpcSeeds },
  ];
  const end = Date.now() + timeMs;
  let tried = 0;
  do {
    const { port, seeds } = ways[Math.floor(random() * ways.length)] as (typeof ways)[number];
    const round = Array.from({ length: atOnce }, () => damaged(seeds[Math.floor(random() * seeds.length)] as Buffer, random));
    await Promise.all(round.map((bytes) => converse(port, bytes, Math.floor(random() * bytes.length))));
    tried += round.length;
    await answersStill(receiver).catch((error) => {
      throw new Error(`a valid request is not answered any more: ${error}`, { cause: round.map((bytes) => bytes.toString('hex')) });
    });
  } while (Date.now() < end);
  return tried;
}

async function answersStill(receiver: RunningReceiver): Promise<void> {
  const client = grpcClient(receiver);
  const [response, error] = await Promise.all([post(receiver), call(client)]);
  client.close();
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  if (error) throw error;
}
