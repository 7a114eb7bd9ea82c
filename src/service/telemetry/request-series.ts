/** What is counted with every request: its series are found once for each receiver, processor and exporter. */
import type { Signal } from '../../model/batch.ts';
import type { CountedSignal, Metrics } from './metrics.ts';
import type { CounterSeries, HistogramSeries } from './series.ts';

export interface ReceiverSeries {
  readonly receiver: string;
  readonly transport: string;
  readonly signal: CountedSignal;
  readonly received: CounterSeries;
  readonly accepted: CounterSeries;
  readonly refused: CounterSeries;
  readonly succeeded: CounterSeries;
  readonly acknowledged: HistogramSeries;
}

export interface ProcessorSeries {
  readonly processor: string;
  readonly signal: Signal;
  readonly incoming: CounterSeries;
  readonly outgoing: CounterSeries;
  readonly duration: HistogramSeries;
}

export interface ExporterSeries {
  readonly exporter: string;
  readonly signal: Signal;
  readonly stored: CounterSeries;
  readonly storedBytes: CounterSeries;
  readonly enqueueFailed: CounterSeries;
  readonly enqueueSize: HistogramSeries;
  readonly enqueueSizeBytes: HistogramSeries;
  readonly appended: HistogramSeries;
}

/** A gateway has few of them, so looking through a list costs less than any key. */
export class RequestSeries {
  readonly #metrics: Metrics;
  readonly #receivers: ReceiverSeries[] = [];
  readonly #processors: ProcessorSeries[] = [];
  readonly #exporters: ExporterSeries[] = [];

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  ofReceiver(receiver: string, transport: string, signal: CountedSignal): ReceiverSeries {
    for (const one of this.#receivers) if (one.receiver === receiver && one.transport === transport && one.signal === signal) return one;
    const metrics = this.#metrics;
    const labels = { receiver, transport };
    const made: ReceiverSeries = {
      receiver,
      transport,
      signal,
      received: metrics.counterSeries('received', { ...labels, signal }),
      accepted: metrics.signalSeries('accepted', signal, labels),
      refused: metrics.signalSeries('refused', signal, labels),
      succeeded: metrics.counterSeries('requests', { ...labels, outcome: 'success' }),
      acknowledged: metrics.histogramSeries('acknowledged', labels),
    };
    this.#receivers.push(made);
    return made;
  }

  ofProcessor(processor: string, signal: Signal): ProcessorSeries {
    for (const one of this.#processors) if (one.processor === processor && one.signal === signal) return one;
    const metrics = this.#metrics;
    const labels = { processor, otel_signal: signal };
    const made: ProcessorSeries = {
      processor,
      signal,
      incoming: metrics.counterSeries('incoming', labels),
      outgoing: metrics.counterSeries('outgoing', labels),
      duration: metrics.histogramSeries('processed', labels),
    };
    this.#processors.push(made);
    return made;
  }

  ofExporter(exporter: string, signal: Signal): ExporterSeries {
    for (const one of this.#exporters) if (one.exporter === exporter && one.signal === signal) return one;
    const metrics = this.#metrics;
    const labels = { exporter };
    const made: ExporterSeries = {
      exporter,
      signal,
      stored: metrics.counterSeries('stored', labels),
      storedBytes: metrics.counterSeries('storedBytes', labels),
      enqueueFailed: metrics.signalSeries('enqueueFailed', signal, labels),
      enqueueSize: metrics.histogramSeries('enqueueSize', labels),
      enqueueSizeBytes: metrics.histogramSeries('enqueueSizeBytes', labels),
      appended: metrics.histogramSeries('appended', labels),
    };
    this.#exporters.push(made);
    return made;
  }
}
