/**
 * Metrics whose series are found once. prom-client finds a series by its labels with every value; where requests have one span each, that costs as much as
 * decoding them.
 */
import { Counter, Histogram, type HistogramConfiguration } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

type HistogramData = Awaited<ReturnType<Histogram['get']>>;

/** One series of a counter. It is there from the first amount on, be that 0. */
export class CounterSeries {
  readonly #labels: Labels;
  #pending: number | undefined;

  constructor(labels: Labels) {
    this.#labels = labels;
  }

  add(amount: number): void {
    this.#pending = (this.#pending ?? 0) + amount;
  }

  giveTo(counter: Counter): void {
    if (this.#pending !== undefined) counter.inc(this.#labels, this.#pending);
    this.#pending = undefined;
  }
}

/** A counter that gets what its series counted when somebody reads it. */
export class SeriesCounter extends Counter {
  readonly #series: CounterSeries[] = [];

  series(labels: Labels): CounterSeries {
    const series = new CounterSeries(labels);
    this.#series.push(series);
    return series;
  }

  override get(): ReturnType<Counter['get']> {
    for (const series of this.#series) series.giveTo(this);
    return super.get();
  }
}

/** One series of a histogram. */
export class HistogramSeries {
  readonly #labels: Labels;
  readonly #bounds: readonly number[];
  /** Values up to each bound and above the one before it. */
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  constructor(labels: Labels, bounds: readonly number[]) {
    this.#labels = labels;
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && value > (bounds[at] as number)) at += 1;
    if (at < bounds.length) (this.#counts[at] as number) += 1;
    this.#count += 1;
    this.#sum += value;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** As prom-client tells them: a bucket counts all that is not above its bound. */
  values(name: string): HistogramData['values'] {
    let below = 0;
    const buckets = this.#bounds.map((le, at) => {
      below += this.#counts[at] as number;
      return { labels: { le, ...this.#labels }, value: below, metricName: `${name}_bucket` };
    });
    const all = { labels: { le: '+Inf', ...this.#labels }, value: this.#count, metricName: `${name}_bucket` };
    const sum = { labels: { ...this.#labels }, value: this.#sum, metricName: `${name}_sum` };
    return [...buckets, all, sum, { labels: { ...this.#labels }, value: this.#count, metricName: `${name}_count` }];
  }
}

/** A histogram whose values are all in series that were taken from it. One without labels is there before its first value. */
export class SeriesHistogram extends Histogram {
  readonly #bounds: readonly number[];
  readonly #hasLabels: boolean;
  readonly #series = new Map<string, HistogramSeries>();

  constructor(settings: HistogramConfiguration<string> & { readonly labelNames: string[]; readonly buckets: number[] }) {
    super(settings);
    this.#bounds = settings.buckets;
    this.#hasLabels = settings.labelNames.length > 0;
    if (!this.#hasLabels) this.series({});
  }

  series(labels: Labels): HistogramSeries {
    const key = JSON.stringify(labels);
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new HistogramSeries(labels, this.#bounds)));
    return series;
  }

  override async get(): Promise<HistogramData> {
    const data = await super.get();
    const told = [...this.#series.values()].filter(({ isEmpty }) => !(this.#hasLabels && isEmpty));
    return { ...data, values: told.flatMap((series) => series.values(data.name)) };
  }
}
