import type { Encoding } from '../../src/exporters/compressor/compressor.ts';
import { createCompressor } from '../../src/exporters/compressor/compressor.ts';
import { closingOf, countsOf, type DestinationRef, type SealedItem, type WholeBatch } from '../../src/exporters/langsmith/sealed-batch.ts';
import { type Bytes, bytes } from '../../src/model/bytes.ts';

export const boundary = 'spanway-test';

export function runId(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export interface BatchOptions {
  readonly id?: string;
  readonly partition?: number;
  readonly encoding?: Encoding;
  readonly feedback?: boolean;
  readonly attachment?: boolean;
  /** Characters in each run's inputs. */
  readonly size?: number;
}

const compressor = createCompressor();

/** A sealed batch of the runs `from … from + count - 1`. */
export async function sealedBatch(
  destination: DestinationRef,
  from: number,
  count: number,
  options: BatchOptions = {},
): Promise<WholeBatch> {
  const { encoding = 'identity', partition = 0 } = options;
  const pieces: Bytes[] = [];
  const items: SealedItem[] = [];
  let end = 0;
  for (let number = from; number < from + count; number++) {
    const segment = bytes.from(segmentOf(number, options), 'utf8');
    pieces.push(segment);
    items.push({
      runId: runId(number),
      traceId: runId(number),
      start: end,
      end: (end += segment.length),
      operations: options.feedback ? 2 : 1,
    });
  }
  const whole = bytes.concat([...pieces, bytes.from(closingOf(boundary))]);
  const body = await compressor.compress(whole, encoding);
  const id = options.id ?? `${from}`.padStart(9, '0');
  const sizes = { compressedBytes: body.length, uncompressedBytes: whole.length };
  const batch = { id, partition, destination, boundary, encoding, ...sizes, ...countsOf(items), sealedAtMs: 1_000 };
  return { batch, content: { items, body } };
}

function segmentOf(number: number, { feedback, attachment, size = 10 }: BatchOptions): string {
  const id = runId(number);
  const main = {
    id,
    trace_id: id,
    dotted_order: `20260131T235959123456Z${id}`,
    name: `run ${number} ü`,
    run_type: 'llm',
    session_name: 'p',
  };
  let text = part(`post.${id}`, JSON.stringify(main)) + part(`post.${id}.inputs`, JSON.stringify({ text: 'ü'.repeat(size) }));
  text += part(`post.${id}.outputs`, '{}') + part(`post.${id}.extra`, '{"metadata":{"k":"\\r\\n--spanway"}}');
  if (attachment) text += part(`attachment.${id}.picture`, 'a\r\n\r\nb', 'image/png');
  if (feedback) text += part(`feedback.${id}`, JSON.stringify({ id, run_id: id, trace_id: id, key: 'k', score: number }));
  return text;
}

function part(name: string, content: string, type = 'application/json'): string {
  const headers = `Content-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(content)}`;
  return `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`;
}
