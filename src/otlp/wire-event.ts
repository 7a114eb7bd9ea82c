import type { SpanEvent, SpanLink } from '../model/batch.ts';
import { cloneAttributes, type WireAttributes } from './wire-attributes.ts';
import { microsAt, nanosAt } from './wire-ids.ts';

/** A span event. Its fields are plain, because whoever asks for events reads them. */
export class WireEvent implements SpanEvent {
  name: string;
  readonly attributes: WireAttributes;
  droppedAttributesCount: number;
  #timeUnixNano: bigint | undefined;
  #micros: number;
  readonly #view: DataView | undefined;
  readonly #time: number;

  constructor(name: string, attributes: WireAttributes, dropped: number, view: DataView | undefined, time: number) {
    this.name = name;
    this.attributes = attributes;
    this.droppedAttributesCount = dropped;
    this.#view = view;
    this.#time = time;
    this.#micros = view === undefined ? 0 : microsAt(view, time);
  }

  get timeUnixNano(): bigint {
    this.#timeUnixNano ??= this.#view === undefined ? 0n : nanosAt(this.#view, this.#time);
    return this.#timeUnixNano;
  }

  set timeUnixNano(nanos: bigint) {
    this.#timeUnixNano = nanos;
    this.#micros = Number(nanos / 1000n);
  }

  get timeMicros(): number {
    return this.#micros;
  }

  /** The same event, independent of later changes to the given one. */
  static copyOf(event: SpanEvent): WireEvent {
    const copy = new WireEvent(event.name, cloneAttributes(event.attributes), event.droppedAttributesCount, undefined, 0);
    copy.timeUnixNano = event.timeUnixNano;
    return copy;
  }
}

export class WireLink implements SpanLink {
  traceId = '';
  spanId = '';
  traceState = '';
  flags = 0;
  readonly attributes: WireAttributes;
  droppedAttributesCount = 0;

  constructor(attributes: WireAttributes) {
    this.attributes = attributes;
  }

  /** The same link, independent of later changes to the given one. */
  static copyOf(link: SpanLink): WireLink {
    const copy = new WireLink(cloneAttributes(link.attributes));
    copy.traceId = link.traceId;
    copy.spanId = link.spanId;
    copy.traceState = link.traceState;
    copy.flags = link.flags;
    copy.droppedAttributesCount = link.droppedAttributesCount;
    return copy;
  }
}
