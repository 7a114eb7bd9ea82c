// Loaded into a gateway by `--import`: says, when its parent asks, how long the event loop was held up since it was last asked. Milliseconds.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolution = 1;
const delay = monitorEventLoopDelay({ resolution });
delay.enable();
const milliseconds = (nanoseconds) => nanoseconds / 1e6 - resolution;

process.on('message', () => {
  const [p50, p999, max] = [delay.percentile(50), delay.percentile(99.9), delay.max].map(milliseconds);
  delay.reset();
  process.send?.({ p50, p999, max });
});
process.channel?.unref();
