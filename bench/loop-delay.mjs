// Loaded into a gateway by `--import`: says, when its parent asks, how long the event loop was held up since it was last asked, and the CPU that its thread
// spent in one turn, which other processes cannot falsify. Milliseconds. Linux only. From the first question on it looks at every turn, so the loop never waits.
import { openSync, readSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolution = 1;
const milliseconds = (nanoseconds) => nanoseconds / 1e6;

function watch() {
  const delay = monitorEventLoopDelay({ resolution });
  const schedule = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const text = Buffer.alloc(64);
  let turns;
  let spent = 0;

  function cpu() {
    readSync(schedule, text, 0, text.length, 0);
    return Number(text.latin1Slice(0, text.indexOf(' ')));
  }

  function look() {
    turns.push(milliseconds(cpu() - spent));
    spent = cpu();
    setImmediate(look);
  }

  process.on('message', () => {
    if (turns) {
      const [p50, p999, max] = [delay.percentile(50), delay.percentile(99.9), delay.max].map((each) => milliseconds(each) - resolution);
      const longest = turns.reduce((most, each) => Math.max(most, each), 0);
      process.send?.({ p50, p999, max, turnMax: longest, turnsAbove10: turns.filter((each) => each > 10).length });
    } else {
      delay.enable();
      spent = cpu();
      setImmediate(look);
      process.send?.({});
    }
    delay.reset();
    turns = [];
  });
  process.channel?.unref();
}

if (isMainThread) watch();
