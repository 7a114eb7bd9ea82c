// Loaded into a gateway by `--import`: profiles the main thread from one message of its parent to the next, and answers with the CPU profile.
import { Session } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.setSamplingInterval', { interval: 250 });
const ask = (method) =>
  new Promise((resolve, reject) => session.post(method, (error, answer) => (error ? reject(error) : resolve(answer))));

process.on('message', async (message) => {
  const answer = await ask(`Profiler.${message}`);
  process.send?.(answer.profile ?? {});
});
process.channel?.unref();
