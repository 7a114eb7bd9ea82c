// A gateway process that kills itself with SIGKILL at a named point. Runs the built program with the file journal wrapped.
//   node child.mjs CONFIG_JSON POINT
// Prints {"http": port, "grpc": port} when it is ready.
import { loadConfig } from '../../dist/config/load.js';
import { factories } from '../../dist/service/components.js';
import { startGateway } from '../../dist/service/gateway.js';

const [, , config, point] = process.argv;

const die = () => {
  process.kill(process.pid, 'SIGKILL');
  // Nothing may run behind the kill, however long the kernel takes.
  return new Promise(() => {});
};

const puts = (change, space) => (change.put ?? []).some((one) => one.space === space);
const deletes = (change, space) => (change.delete ?? []).some((one) => one.space === space);

function wrapPartition(partition) {
  return new Proxy(partition, {
    get(target, name) {
      if (name !== 'commit') {
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (change) => {
        if (point === 'before-seal' && puts(change, 'batch')) return die();
        if (point === 'after-upload' && deletes(change, 'batch')) return die();
        await target.commit(change);
        if (point === 'after-seal' && puts(change, 'batch')) return die();
        if (point === 'parked' && puts(change, 'park')) return die();
      };
    },
  });
}

function wrapJournal(journal) {
  const partitions = new Map();
  return new Proxy(journal, {
    get(target, name) {
      if (name === 'append') {
        return async (entries) => {
          if (point === 'before-append') return die();
          const receipt = await target.append(entries);
          if (point === 'after-append') return die();
          return receipt;
        };
      }
      if (name === 'own') {
        return (owner) =>
          target.own({
            acquired: (partition) => {
              partitions.set(partition, wrapPartition(partition));
              owner.acquired(partitions.get(partition));
            },
            released: (partition) => {
              if (point === 'during-shutdown') return die();
              return owner.released(partitions.get(partition));
            },
          });
      }
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

const crashing = factories.map((factory) => {
  if (factory.type !== 'file_storage') return factory;
  return {
    ...factory,
    create: (settings, deps) => {
      const storage = factory.create(settings, deps);
      return {
        start: () => storage.start(),
        stop: (deadline) => storage.stop(deadline),
        open: async (name, options) => wrapJournal(await storage.open(name, options)),
      };
    },
  };
});

const loaded = await loadConfig({ uris: [`yaml:${config}`], sets: [], env: {}, factories: crashing });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const gateway = await startGateway(loaded.config);
const { http, grpc } = gateway.service.receivers.get('otlp').addresses();
process.stdout.write(`${JSON.stringify({ http: http.port, grpc: grpc.port })}\n`);
process.on('SIGTERM', () => void gateway.stop(10_000).then(() => process.exit(0)));
