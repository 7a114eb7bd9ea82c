/** The health of a gateway, and of several processes that are one gateway. */

/** A state that an operator should know of. Facts hold no payload and no secrets. */
export interface Trouble {
  readonly sentence: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly sinceMs: number;
}

export interface HealthReport {
  /** Receivers listen and journals accept. */
  readonly ready: boolean;
  /** `starting`, `ready`, `stopping`, `stopped`. */
  readonly state: string;
  readonly upSinceMs: number;
  /** By a key that is, or starts with, the id of a component. */
  readonly degraded: ReadonlyMap<string, Trouble>;
  /** Ids of what runs. */
  readonly extensions: readonly string[];
  /** By pipeline: `receiver:otlp`, `processor:filter`, `exporter:langsmith`. */
  readonly pipelines: ReadonlyMap<string, readonly string[]>;
}

/** As it goes from process to process. */
export type PlainHealthReport = Omit<HealthReport, 'degraded' | 'pipelines'> & {
  readonly degraded: readonly (readonly [string, Trouble])[];
  readonly pipelines: readonly (readonly [string, readonly string[]])[];
};

export function plainReport(report: HealthReport): PlainHealthReport {
  return { ...report, degraded: [...report.degraded], pipelines: [...report.pipelines] };
}

/** Of all workers: by their numbers, `undefined` for one that does not answer. The gateway is as ready as the least ready of them. */
export function reportOfAll(workers: ReadonlyMap<number, PlainHealthReport | undefined>, upSinceMs: number, nowMs: number): HealthReport {
  const degraded = new Map<string, Trouble>();
  const answers: PlainHealthReport[] = [];
  for (const [worker, report] of workers) {
    if (report) answers.push(report);
    else degraded.set(`worker/${worker}`, { sentence: 'A worker does not answer.', facts: { worker }, sinceMs: nowMs });
    // What is told of one component by several workers is one state, with all of their numbers.
    for (const [key, { sentence, facts, sinceMs }] of report?.degraded ?? []) {
      const known = degraded.get(key);
      const numbers = known ? `${known.facts.workers}, ${worker}` : `${worker}`;
      degraded.set(key, { sentence, facts: { ...facts, workers: numbers }, sinceMs: Math.min(sinceMs, known?.sinceMs ?? sinceMs) });
    }
  }
  const [first] = answers;
  const unready = answers.find(({ ready }) => !ready);
  return {
    ready: first !== undefined && answers.length === workers.size && !unready,
    state: unready?.state ?? (answers.length === workers.size ? (first?.state ?? 'stopped') : 'starting'),
    upSinceMs,
    degraded,
    extensions: first?.extensions ?? [],
    pipelines: new Map(first?.pipelines),
  };
}
