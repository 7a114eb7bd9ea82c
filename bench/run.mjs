// `npm run bench [-- decode convert ottl redaction journal floor bare gateway large profile redis]`: medians, each beside its baseline in the same run.
import { cpus, totalmem } from 'node:os';

const benches = {
  decode: async () => (await import('./decode.mjs')).benchDecode(),
  convert: async () => (await import('./convert.mjs')).benchConvert(),
  ottl: async () => (await import('./ottl.mjs')).benchOttl(),
  redaction: async () => (await import('./redaction.mjs')).benchRedaction(),
  journal: async () => (await import('./journal.mjs')).benchJournal(),
  floor: async () => (await import('./floor.mjs')).benchFloor(),
  bare: async () => (await import('./bare.mjs')).benchBare(),
  gateway: async () => (await import('./gateway.mjs')).benchGateway(),
  large: async () => (await import('./large.mjs')).benchLarge(),
  profile: async () => (await import('./profile.mjs')).benchProfile(),
  redis: async () => (await import('./redis.mjs')).benchRedis(),
};

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`);
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) await bench();
