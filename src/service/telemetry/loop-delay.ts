/** Measures how late timers fire. One timer of 100 ms costs nothing that could be measured, and any number of readers may look at the histogram. */
const everyMs = 100;

/** `observe` is told seconds. Returns what ends it. */
export function watchLoopDelay(observe: (seconds: number) => void): () => void {
  let dueMs = performance.now() + everyMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    observe(Math.max(0, nowMs - dueMs) / 1_000);
    dueMs = nowMs + everyMs;
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
