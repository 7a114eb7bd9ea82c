/** `spanway doctor`: looks at everything that a start and the first upload need, and says what to do. Exit code 1 if there is a problem. */
import { formatProblem } from '../config/load.ts';
import { Fault } from '../model/fault.ts';
import { type Finding, ok, problem, warning } from '../model/finding.ts';
import { systemClock } from '../service/clock.ts';
import { examine } from '../service/examine.ts';
import { workerCount } from '../service/workers.ts';
import { environmentFindings } from './doctor/environment.ts';
import { machineFindings } from './doctor/machine.ts';
import { type ConfigOptions, type GoodConfig, read } from './load.ts';

export interface DoctorOptions extends ConfigOptions {
  readonly json: boolean;
}

/** What was found about one component, or about what is around them all. */
interface Chapter {
  readonly about: string;
  readonly findings: readonly Finding[];
}

const longestMs = 30_000;

export async function doctor({ json, ...options }: DoctorOptions): Promise<void> {
  const chapters = await chaptersOf(options);
  const bad = chapters.some(({ findings }) => findings.some(({ status }) => status === 'problem'));
  process.stdout.write(json ? `${JSON.stringify(chapters, undefined, 2)}\n` : chapters.map(textOf).join('\n'));
  process.exitCode = bad ? 1 : 0;
}

async function chaptersOf(options: ConfigOptions): Promise<Chapter[]> {
  const around = { about: 'environment', findings: environmentFindings(process.env) };
  if (options.config.length === 0)
    return [
      { about: 'configuration', findings: [problem('configuration', 'none is given', 'name one: --config config/default.yaml')] },
      { about: 'machine', findings: await machineFindings(1) },
      around,
    ];
  const loaded = await read(options, process.env);
  if (!loaded.ok) {
    const findings = loaded.problems.map((one) => problem('configuration', formatProblem(one), 'correct the line'));
    return [{ about: 'configuration', findings }, { about: 'machine', findings: await machineFindings(1) }, around];
  }
  const machine = { about: 'machine', findings: await machineFindings(workerCount(loaded.config)) };
  return [{ about: 'configuration', findings: configurationFindings(loaded) }, machine, around, ...(await componentsOf(loaded))];
}

function configurationFindings({ warnings }: GoodConfig): Finding[] {
  const findings = warnings.map((one) => warning('configuration', formatProblem(one), 'see config/reference.md'));
  return findings.length > 0 ? findings : [ok('configuration', 'it can be read, and every value is allowed')];
}

async function componentsOf({ config }: GoodConfig): Promise<Chapter[]> {
  try {
    const found = await examine(config, systemClock, AbortSignal.timeout(longestMs));
    return [...found].map(([about, findings]) => ({ about, findings }));
  } catch (error) {
    const { message, hint } = Fault.of(error);
    return [{ about: 'components', findings: [problem('components', message, hint ?? 'correct the configuration')] }];
  }
}

const marks = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM' } as const;

function textOf({ about, findings }: Chapter): string {
  const lines = findings.map(
    ({ subject, status, sentence, remedy }) => `  ${marks[status]}  ${subject}: ${sentence}\n${remedy ? `           → ${remedy}\n` : ''}`,
  );
  return `${about}\n${lines.join('')}`;
}
