/** Work on a large body that can be broken off between its steps, and what it gives at its end. Steps of several bodies may take turns. */
export type Steps<Result> = Generator<void, Result, void>;

/** All steps at once. */
export function finished<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
