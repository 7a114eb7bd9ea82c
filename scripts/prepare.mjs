// Makes a fresh clone ready: installs dependencies if they are missing or out of date, and builds. Node built-ins only.
//   node scripts/prepare.mjs run | test      (`test` also needs a Redis server, and installs one where that is possible)
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
  console.error(`Spanway needs Node 20.15 or newer; this is ${process.versions.node}. Install a current LTS from nodejs.org.`);
  process.exit(1);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (error || status !== 0) {
    console.error(`\n"${command} ${args.join(' ')}" failed${error ? `: ${error.message}` : ` with exit code ${status}`}.`);
    process.exit(1);
  }
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const stamp = 'node_modules/.spanway-lock';
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('installing dependencies …');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

const built = 'dist/.built';
if (!existsSync(built) || newest('src') > statSync(built).mtimeMs) {
  console.error('building …');
  run('npm', ['run', '--silent', 'build']);
  writeFileSync(built, '');
}

function found(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Ways to install a Redis server, by the package manager that the machine has. */
const installers = [
  ['apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], ['update']],
  ['apk', ['add', 'redis']],
  ['dnf', ['install', '-y', 'valkey']],
  ['yum', ['install', '-y', 'redis']],
  ['brew', ['install', 'redis']],
];

if (process.argv[2] === 'test' && !found('redis-server') && !found('valkey-server')) {
  const [manager, install, update] = installers.find(([program]) => found(program)) ?? [];
  const asRoot = manager === 'brew' || process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const attempt = (args) => {
    const [command, ...rest] = [...asRoot, manager, ...args];
    return (
      spawnSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
        .status === 0
    );
  };
  if (manager) {
    console.error(`installing a Redis server with ${manager} …`);
    if (!attempt(install) && update) attempt(update) && attempt(install);
  }
  if (!found('redis-server') && !found('valkey-server')) {
    console.error(
      'The tests run against a real Redis. Install redis-server (7.0 or newer) or valkey-server with your system’s package manager, and run them again.',
    );
    process.exit(1);
  }
}
