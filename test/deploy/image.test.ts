/** The image that the Dockerfile describes: its steps are followed in a clean directory, and what comes out is run as the image says. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../e2e/harness.ts';
import { freePort } from '../free-port.ts';
import { follow, type Stage } from './dockerfile.ts';

const repository = new URL('../..', import.meta.url).pathname;
const asRoot = process.getuid?.() === 0;
const user = 10_001;
let directory: string;
let image: Stage;
const inImage = (path: string): string => join(image.root, path);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'spanway-image-'));
  chmodSync(directory, 0o755);
  image = follow(join(repository, 'Dockerfile'), repository, directory).at(-1) as Stage;
  if (asRoot) chownSync(inImage('/var/lib/spanway'), user, user);
}, 240_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('the image holds what runs, and no sources, tests or tools of development', () => {
  expect(readdirSync(inImage('/opt/spanway')).sort()).toEqual(['LICENSE', 'bin', 'config', 'dist', 'node_modules', 'package.json']);
  expect(existsSync(inImage('/opt/spanway/node_modules/vitest'))).toBe(false);
  expect(existsSync(inImage('/opt/spanway/node_modules/typescript'))).toBe(false);
  expect(existsSync(inImage('/opt/spanway/dist/.tsbuildinfo'))).toBe(false);
});

test('the image starts by its entry point as its user, writes below its volume only, is healthy, and ends with 0', async () => {
  expect(image.said.get('USER')).toBe(`${user}:${user}`);
  const health = await freePort();
  const [command] = JSON.parse(image.said.get('ENTRYPOINT') as string) as [string];
  const listening = [
    'receivers.otlp.protocols.http.endpoint=127.0.0.1:0',
    'receivers.otlp.protocols.grpc.endpoint=127.0.0.1:0',
    `extensions.health_check.endpoint=127.0.0.1:${health}`,
    'extensions.admin.endpoint=127.0.0.1:0',
    'service.telemetry.metrics.readers=[{pull: {exporter: {prometheus: {host: 127.0.0.1, port: 0}}}}]',
  ];
  const args = [...(JSON.parse(image.said.get('CMD') as string) as string[]), ...listening.flatMap((one) => ['--set', one])];
  const env = {
    PATH: `${inImage('/opt/spanway/bin')}:${process.env.PATH}`,
    NODE_ENV: image.env.NODE_ENV,
    SPANWAY_DIRECTORY: inImage(image.env.SPANWAY_DIRECTORY as string),
    LANGSMITH_API_KEY: 'not-used',
    LANGSMITH_ENDPOINT: 'http://127.0.0.1:1',
  };
  // Another user than the one who owns the code: it can write where the image lets it, and nowhere else.
  const child = spawn(command, args, {
    cwd: inImage(image.workdir),
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(asRoot ? { uid: user, gid: user } : {}),
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  await until(
    () => log.includes('Everything is ready') || child.exitCode !== null,
    () => log,
  );
  expect(log).toContain('Everything is ready');

  const check = /CMD (\[.*\])$/.exec(image.said.get('HEALTHCHECK') as string)?.[1]?.replace('13133', `${health}`);
  const [program, ...rest] = JSON.parse(check as string) as [string, ...string[]];
  expect(spawnSync(program, rest).status).toBe(0);
  expect(existsSync(join(env.SPANWAY_DIRECTORY, 'data.mdb')) || readdirSync(env.SPANWAY_DIRECTORY).length > 0).toBe(true);

  child.kill(image.said.get('STOPSIGNAL') as NodeJS.Signals);
  expect((await exit)[0]).toBe(0);
  expect(spawnSync(program, rest).status).toBe(1);
});

test('the packed package holds what users need and no more, and its command runs', () => {
  const [{ files }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ files: { path: string }[] }];
  const outside = files
    .map(({ path }) => path)
    .filter((path) => !/^dist\/([\w-]+\/)*[\w-]+\.(js|css|html|svg)$|^config\/([\w-]+\/)*[\w-]+\.(yaml|md|json)$/.test(path));
  expect(outside.sort()).toEqual(
    ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'].filter((path) => existsSync(join(repository, path))),
  );
  const { bin, engines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    bin: { spanway: string };
    engines: { node: string };
  };
  expect(statSync(inImage(`/opt/spanway/${bin.spanway}`)).mode & 0o111).not.toBe(0);
  expect(engines.node).toBe('>=20.15');
});
