import { Decisions as DecisionsBy } from '../sampling/decisions.ts';

/** What a decision rests on, by the Collector's names. */
export type Policy = 'trace_id_hash' | 'trace_id_w3c' | 'sampling_randomness' | 'missing_randomness' | 'sampling_priority';

/** Counted as `otelcol_processor_probabilistic_sampler_count_…_sampled`. */
export class Decisions extends DecisionsBy<Policy> {}
