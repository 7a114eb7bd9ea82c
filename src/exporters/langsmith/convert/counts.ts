/** Token counts as an emitter gave them, before they are made inclusive (mapping §10.5). */
export interface Counts {
  input: number | undefined;
  output: number | undefined;
  total: number | undefined;
  /** Input does not include what came from, or went to, a cache. */
  exclusiveInput: boolean;
  /** Output does not include the model's thoughts. */
  exclusiveOutput: boolean;
  /** By class: `cache_read`, `cache_creation`, `audio`, … */
  readonly inputDetails: Map<string, number>;
  readonly outputDetails: Map<string, number>;
}

/** Counts of which nothing is known yet. Most spans have no tokens at all, so the details are made when somebody asks. */
class NewCounts implements Counts {
  input: number | undefined = undefined;
  output: number | undefined = undefined;
  total: number | undefined = undefined;
  exclusiveInput = false;
  exclusiveOutput = false;
  #inputDetails: Map<string, number> | undefined;
  #outputDetails: Map<string, number> | undefined;

  get inputDetails(): Map<string, number> {
    return (this.#inputDetails ??= new Map());
  }

  get outputDetails(): Map<string, number> {
    return (this.#outputDetails ??= new Map());
  }
}

export function newCounts(): Counts {
  return new NewCounts();
}

export function hasBase({ input, output, total }: Counts): boolean {
  return input !== undefined || output !== undefined || total !== undefined;
}

/** Takes from `other` what is still missing: the base counts only as a whole, details one by one. */
export function complete(counts: Counts, other: Counts): void {
  if (!hasBase(counts)) {
    counts.input = other.input;
    counts.output = other.output;
    counts.total = other.total;
  }
  counts.exclusiveInput ||= other.exclusiveInput;
  counts.exclusiveOutput ||= other.exclusiveOutput;
  for (const [name, count] of other.inputDetails) if (!counts.inputDetails.has(name)) counts.inputDetails.set(name, count);
  for (const [name, count] of other.outputDetails) if (!counts.outputDetails.has(name)) counts.outputDetails.set(name, count);
}
