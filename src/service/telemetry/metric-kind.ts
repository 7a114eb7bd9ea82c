/** A metric as the table and the reference have it. */
export interface MetricKind {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly unit?: 'seconds' | 'bytes';
  /** Of a histogram: upper bounds. */
  readonly buckets?: readonly number[];
  /** What the values of several workers make together; their sum, if nothing is said. */
  readonly overWorkers?: 'sum' | 'max' | 'min';
}

/** One that is read whenever the metrics are. */
export interface ReadKind<Source> extends MetricKind {
  readonly type: 'counter' | 'gauge';
  /** `undefined`: the source knows nothing of this. */
  read(source: Source): number | undefined;
}

export type MetricType = 'counter' | 'gauge' | 'histogram';
export type TypedKind = MetricKind & { readonly type: MetricType };
