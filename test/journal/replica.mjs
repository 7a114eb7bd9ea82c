// A real process with a journal, driven by one JSON command per line on its standard input, answering with one JSON line each.
//   node replica.mjs OPTIONS_JSON          options of FileStorage, or of RedisStorage if `address` is among them
// The first line it prints says that the journal is open, or why it is not. `flood` prints the number of each acknowledged entry until it is killed.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { FileStorage } from '../../dist/journal/file/storage.js';
import { RedisStorage } from '../../dist/journal/redis/storage.js';

const { unprivileged, ...options } = JSON.parse(process.argv[2]);
if (unprivileged && process.getuid() === 0) {
  process.setgroups([]);
  process.setgid(65534);
  process.setuid(65534);
}

// Written at once, so that what is printed was printed when the process dies.
const say = (answer) => writeSync(1, `${JSON.stringify(answer)}\n`);
const fault = ({ code, message, hint }) => ({ fault: { code, message, hint } });

const owned = new Map();
const owner = {
  acquired(partition) {
    owned.set(partition.id, partition);
    partition.lost.addEventListener('abort', () => owned.delete(partition.id));
  },
  async released() {},
};

let journal;
let stale;
const commands = {
  async own() {
    await journal.own(owner);
    return [...owned.keys()];
  },
  async owned() {
    return [...owned.keys()];
  },
  // `count` appends one after the other, each of so many entries.
  async append({ partition, size, fill, count = 1, entries = 1 }) {
    const entry = () => ({ partition, payload: Buffer.alloc(size, fill), items: 1 });
    for (let index = 0; index < count; index++) await journal.append(Array.from({ length: entries }, entry));
    return journal.stats();
  },
  async read({ partition }) {
    const entries = await owned.get(partition).read(undefined, 2 ** 30);
    return entries.map(({ payload }) => payload?.toString());
  },
  async acknowledge({ partition, count }) {
    const entries = (await owned.get(partition).read(undefined, 2 ** 30)).slice(0, count);
    await owned.get(partition).commit({ acknowledge: entries.map(({ id }) => id) });
    return entries.length;
  },
  async keep({ partition }) {
    stale = owned.get(partition);
    return true;
  },
  async commitStale() {
    await stale.commit({ put: [{ space: 'park', key: 'harm', value: Buffer.from('harm') }] });
    return true;
  },
  async get({ partition, space, key }) {
    return (await owned.get(partition).get(space, key))?.toString() ?? null;
  },
  // Stops right behind a transaction of its own, before another can begin, so that what is shown is the lease and not the write lock.
  async pause() {
    await journal.append([{ partition: 0, payload: Buffer.from('the last one'), items: 1 }]);
    await owned.get(0)?.read(undefined, 1);
    process.nextTick(() => process.kill(process.pid, 'SIGSTOP'));
    return true;
  },
  async flood({ from }) {
    for (let number = from; ; ) {
      const numbers = Array.from({ length: 8 }, () => number++);
      await Promise.all(
        numbers.map(async (one) => {
          await journal.append([
            { partition: one % journal.partitions, payload: Buffer.from(`${one} `.repeat(1 + (one % 900))), items: 1 },
          ]);
          say(one);
        }),
      );
    }
  },
  async close() {
    await journal.close();
    return true;
  },
};

try {
  const [storage, durability] = options.address ? [new RedisStorage(options), 'redis_fsync'] : [new FileStorage(options), 'disk'];
  journal = await storage.open('shared', { durability, bytesMax: 2 ** 30, partitions: 4 });
  say({ open: true });
} catch (error) {
  say(fault(error));
  process.exit(1);
}

for await (const line of createInterface(process.stdin)) {
  const { name, ...given } = JSON.parse(line);
  try {
    say({ result: await commands[name](given) });
  } catch (error) {
    say(fault(error));
  }
}
process.exit(0);
