/** Traces of 1 to 30 spans in random trees, cut into requests so that a trace stands in up to four of them, mostly children first. */
import { transcodeTraces } from '../../src/otlp/otlp.ts';
import type { Random } from './random.ts';

export interface ChaosSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: ChaosSpan | undefined;
}

const tracesPerGroup = 60;
const spansMax = 30;
const requestsPerGroup = 6;
const startNano = 1_767_225_600_000_000_000n;

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

export class Forest {
  readonly spans: ChaosSpan[] = [];
  readonly #random: Random;
  #number: number;

  /** `first` numbers the first span; ids of forests with other numbers are others. */
  constructor(random: Random, first: number) {
    this.#random = random;
    this.#number = first;
  }

  /** Some 150 spans each. */
  nextRequests(): ChaosSpan[][] {
    const requests: ChaosSpan[][] = Array.from({ length: requestsPerGroup }, () => []);
    for (let count = 0; count < tracesPerGroup; count++) {
      const trace = this.#trace();
      this.spans.push(...trace);
      const order = this.#random.next() < 0.7 ? trace.reverse() : this.#random.shuffle(trace);
      const places = Array.from({ length: 1 + this.#random.below(4) }, () => this.#random.below(requestsPerGroup)).sort((a, b) => a - b);
      for (const [index, span] of order.entries()) {
        const place = places[Math.floor((index * places.length) / order.length)] as number;
        requests[place]?.push(span);
      }
    }
    return requests.filter((request) => request.length > 0);
  }

  #trace(): ChaosSpan[] {
    const traceId = hex(this.#number + 1, 32);
    const trace: ChaosSpan[] = [];
    const size = 1 + this.#random.below(spansMax);
    while (trace.length < size) {
      const parent = trace.length === 0 ? undefined : this.#random.pick(trace);
      trace.push({ traceId, spanId: hex(++this.#number, 16), parent });
    }
    return trace;
  }
}

/** A protobuf request with these spans, all within one second. `text`: what each of them says. */
export function encode(spans: readonly ChaosSpan[], text?: (span: ChaosSpan) => string): Buffer {
  const written = spans.map((span) => {
    const { traceId, spanId, parent } = span;
    return {
      traceId,
      spanId,
      ...(parent && { parentSpanId: parent.spanId }),
      ...(text && { attributes: [{ key: 'text', value: { stringValue: text(span) } }] }),
      name: `span ${spanId}`,
      kind: 1,
      startTimeUnixNano: `${startNano + (BigInt(`0x${spanId}`) % 1_000_000n) * 1_000n}`,
      endTimeUnixNano: `${startNano + 1_000_000_000n}`,
    };
  });
  return Buffer.from(transcodeTraces(Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: written }] }] })) as never));
}
