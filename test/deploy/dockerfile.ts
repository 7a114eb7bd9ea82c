/** Reads a Dockerfile, and follows its steps in directories instead of images: no container engine is needed to know that they work. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

export interface Stage {
  readonly name: string;
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  /** CMD, ENTRYPOINT, HEALTHCHECK … as written. */
  readonly said: ReadonlyMap<string, string>;
}

/** One per logical line, without comments. Heredocs and parser directives are not supported. */
export function instructionsOf(text: string): Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  return lines.map((line) => {
    const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (word === undefined || rest === undefined) throw new Error(`cannot read the line ${line}`);
    return { word, rest };
  });
}

/** What a shell with the paths of the stage's image would see, as paths below `root`. */
const inside = (command: string, root: string): string => command.replaceAll(/(?<=^|[\s=:"'])\/(?=build|opt|var)/g, `${root}/`);

/** Follows all stages; `context` is the directory that is built. RUN steps run with `sh`, in the stage's working directory. */
export function follow(dockerfile: string, context: string, directory: string): Stage[] {
  const stages: Stage[] = [];
  let current: { name: string; root: string; workdir: string; env: Record<string, string>; said: Map<string, string> } | undefined;
  const ignored = ignoredIn(context);
  for (const { word, rest } of instructionsOf(readFileSync(dockerfile, 'utf8'))) {
    if (word === 'FROM') {
      const [, , , name = `${stages.length}`] = /^(\S+)(\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      current = { name, root: join(directory, name), workdir: '/', env: {}, said: new Map() };
      mkdirSync(current.root, { recursive: true });
      stages.push(current);
      continue;
    }
    if (!current) throw new Error(`${word} before FROM`);
    const here = current;
    const at = (path: string): string => join(here.root, path.startsWith('/') ? path : join(here.workdir, path));
    if (word === 'WORKDIR') {
      here.workdir = rest;
      mkdirSync(at(rest), { recursive: true });
    } else if (word === 'ENV') {
      for (const [, name, value] of rest.matchAll(/(\w+)=(\S+)/g)) here.env[name as string] = value as string;
    } else if (word === 'RUN') {
      execFileSync('sh', ['-ec', inside(rest, here.root)], {
        cwd: at(here.workdir),
        env: { ...process.env, ...here.env, NODE_ENV: '', npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    } else if (word === 'COPY') {
      const from = stages.find(({ name }) => name === /--from=(\S+)/.exec(rest)?.[1]);
      const words = rest.split(/\s+/).filter((one) => !one.startsWith('--'));
      const target = words.pop() as string;
      for (const source of words) {
        if (!from && ignored(source)) throw new Error(`${source} is not in the build context: .dockerignore leaves it out`);
        const path = from ? join(from.root, source) : join(context, source);
        const asDirectory = statSync(path).isDirectory();
        const to = asDirectory || !target.endsWith('/') ? at(target) : join(at(target), basename(source));
        cpSync(path, to, { recursive: true, verbatimSymlinks: true });
      }
    } else {
      here.said.set(word, rest);
    }
  }
  return stages;
}

/** `.dockerignore` of the form "nothing but": `*` and then exceptions. */
function ignoredIn(context: string): (path: string) => boolean {
  const lines = readFileSync(join(context, '.dockerignore'), 'utf8').split('\n');
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  return (path) => !kept.some((one) => path === one || path === `${one}/` || path.startsWith(`${one}/`));
}
