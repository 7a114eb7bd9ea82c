// The import law: which room may import which, and which library belongs to one room only. Reads import lines as text.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const source = join(root, 'src');

/** A room is the longest prefix listed here. Each says which rooms it may import; its own is always allowed. */
const rooms = {
  model: [],
  otlp: ['model'],
  ottl: ['model'],
  processors: ['model', 'otlp', 'ottl', 'config/fields.ts'],
  connectors: ['model', 'otlp', 'ottl', 'config/fields.ts', 'processors/redaction/every-text.ts'],
  'receivers/otlp': ['model', 'otlp', 'config/fields.ts'],
  'exporters/langsmith/convert': ['model', 'otlp'],
  'exporters/langsmith/assemble': ['model'],
  'exporters/retry': ['model'],
  'exporters/compressor': ['model'],
  'exporters/dead-letters': ['model'],
  'exporters/client-tls': ['model', 'config/fields.ts'],
  'exporters/user-agent.ts': [],
  'exporters/sealing': ['model', 'journal/journal.ts', 'config/fields.ts'],
  'exporters/langsmith/partition': [
    'model',
    'journal/journal.ts',
    'exporters/langsmith/assemble',
    'exporters/langsmith/sealed-batch.ts',
    'exporters/compressor',
    'exporters/dead-letters',
  ],
  'exporters/langsmith/upload': [
    'model',
    'journal/journal.ts',
    'exporters/langsmith/sealed-batch.ts',
    'exporters/retry',
    'exporters/client-tls',
    'exporters/compressor',
    'exporters/dead-letters',
    'exporters/sealing',
  ],
  'exporters/langsmith': [
    'model',
    'otlp',
    'journal/journal.ts',
    'config/fields.ts',
    'exporters/langsmith/convert',
    'exporters/langsmith/assemble',
    'exporters/langsmith/partition',
    'exporters/langsmith/upload',
    'exporters/client-tls',
    'exporters/compressor',
    'exporters/dead-letters',
    'exporters/sealing',
    'exporters/user-agent.ts',
  ],
  'exporters/otlp': [
    'model',
    'otlp',
    'journal/journal.ts',
    'journal/unjournaled.ts',
    'config/fields.ts',
    'exporters/retry',
    'exporters/client-tls',
    'exporters/compressor',
    'exporters/dead-letters',
    'exporters/sealing',
    'exporters/user-agent.ts',
  ],
  'exporters/debug': ['model', 'otlp', 'config/fields.ts', 'journal/unjournaled.ts'],
  'exporters/nop': ['model', 'journal/unjournaled.ts'],
  'exporters/file': ['model', 'otlp', 'config/fields.ts', 'journal/unjournaled.ts'],
  journal: ['model', 'config/fields.ts'],
  extensions: ['model', 'config/fields.ts'],
  config: ['model'],
  service: ['*'],
  sink: ['model'],
  'main.ts': ['commands', 'service', 'config', 'sink', 'model'],
  commands: ['service', 'config', 'sink', 'model'],
};

const pure = [
  'model',
  'otlp',
  'ottl',
  'processors',
  'connectors',
  'exporters/langsmith/convert',
  'exporters/langsmith/assemble',
  'exporters/retry',
  'exporters/dead-letters',
];
const pureLibraries = ['zod', 'libphonenumber-js', 'card-validator'];

/** A library that talks to the world is imported in one room only, or in the few that speak its protocol. */
const libraryRoom = {
  ioredis: 'journal',
  lmdb: 'journal',
  '@grpc/grpc-js': ['receivers/otlp', 'exporters/otlp'],
  'card-validator': 'processors',
  'libphonenumber-js': 'processors',
  express: 'sink',
  undici: ['exporters/langsmith/upload', 'exporters/otlp', 'service'],
  '@cloudpss/zstd': '*',
  'prom-client': 'service',
  pino: 'service',
  'pino-pretty': 'service',
  commander: 'main.ts',
  yaml: 'config',
};

const names = Object.keys(rooms).sort((one, other) => other.length - one.length);
const roomOf = (file) => names.find((name) => file === name || file.startsWith(`${name}/`));

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}

const problems = [];
for (const path of files(source)) {
  const file = relative(source, path);
  const room = roomOf(file);
  if (!room) {
    problems.push(`${file}: stands in no room of the house`);
    continue;
  }
  const text = readFileSync(path, 'utf8');
  const lines = text.split('\n').length - 1;
  if (lines > 400) problems.push(`${file}: ${lines} lines; the house keeps files under 400`);
  for (const [, names, target] of text.matchAll(/^(?:import|export)\s([^;]*?)\sfrom\s+'([^']+)'|^import\s+'[^']+'/gm)) {
    if (target === undefined) continue;
    if (target.startsWith('.')) {
      const to = normalize(join(dirname(file), target));
      if (names.includes('issueReceipt') && room !== 'journal') problems.push(`${file}: only the journal issues receipts`);
      const toRoom = roomOf(to);
      if (toRoom === room) continue;
      const allowed = rooms[room].some((name) => name === '*' || name === toRoom || name === to);
      if (!allowed) problems.push(`${file}: room ${room} may not import ${to}`);
    } else if (target.startsWith('node:')) {
      if (pure.includes(room)) problems.push(`${file}: a pure room imports ${target}`);
    } else {
      const library = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0];
      if (pure.includes(room) && !pureLibraries.includes(library)) problems.push(`${file}: a pure room imports ${library}`);
      const homes = [libraryRoom[library] ?? '*'].flat();
      const isHome = (home) => home === '*' || home === room || room.startsWith(`${home}/`) || (home === 'main.ts' && room === 'commands');
      if (!homes.some(isHome)) problems.push(`${file}: ${library} belongs to ${homes.join(' and ')}`);
    }
  }
}
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? 'import law: kept' : `import law: ${problems.length} breaches`);
process.exitCode = problems.length === 0 ? 0 : 1;
