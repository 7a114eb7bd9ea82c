// Loaded before the gateway (`node --expose-gc --import`): on SIGUSR2 it tells what is left in memory after a collection, in bytes.
process.on('SIGUSR2', () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  process.stderr.write(`${JSON.stringify({ usedBytes: heapUsed + external })}\n`);
});
