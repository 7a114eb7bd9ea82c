/**
 * A user's own pipeline tests: folders with a request and what should become of it.
 *
 *   in.otlp.json, in.*.otlp.json, in.*.pb    requests, in the order of their names
 *   gateway.yaml                             the configuration, where it is not the same for all cases
 *   caller.json                              who sends (optional): {"receiver", "transport", "address", "headers", "auth"}
 *   out.runs.json                            the runs of the langsmith exporters, in any order, each as far as it is written (null: must not be there)
 *   out.otlp.json                            the whole batch behind the processors, as the exporters get it
 *
 * Either expectation may be given per exporter instead: an object from exporter ids to what is expected there.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceConfig } from '../../config/load.ts';
import type { Batch, Caller } from '../../model/batch.ts';
import { Fault } from '../../model/fault.ts';
import { readCaller } from './caller-file.ts';
import { compareOtlp, compareRuns, otlpText, runsText } from './expectation.ts';
import { readRequest } from './request.ts';
import { type Collected, Trial } from './trial.ts';

const runsFile = 'out.runs.json';
const otlpFile = 'out.otlp.json';
const requestName = /^in(?:\..+)?\.(?:otlp\.json|pb)$/;

/** Folders that hold requests: `directory` itself, or those in it. Throws a `Fault` if there is none. */
export function casesIn(directory: string): readonly string[] {
  if (requestsOf(directory).length > 0) return [directory];
  const folders = list(directory).map((name) => join(directory, name));
  const cases = folders.filter((folder) => requestsOf(folder).length > 0);
  if (cases.length > 0) return cases;
  throw new Fault('GW_CONFIG_INVALID', `cannot test ${directory}: no folder in it holds a request`, {
    hint: 'make a folder per case with in.otlp.json and out.runs.json',
  });
}

/** What is wrong, as lines for people; empty if it is as expected. Throws a `Fault` for files that cannot be read. */
export async function runCase(folder: string, config: ServiceConfig): Promise<readonly string[]> {
  const collected = await collect(folder, config);
  const names = list(folder);
  const lines: string[] = [];
  if (names.includes(runsFile)) lines.push(...compareRuns(readJson(folder, runsFile), collected));
  if (names.includes(otlpFile)) lines.push(...compareOtlp(readJson(folder, otlpFile), collected));
  if (!names.includes(runsFile) && !names.includes(otlpFile))
    lines.push(`neither ${runsFile} nor ${otlpFile} says what is expected; --update writes what comes`);
  return lines;
}

/** Writes what comes as what is expected, into the files that are there, else as runs if there are any. Answers with their paths. */
export async function updateCase(folder: string, config: ServiceConfig): Promise<readonly string[]> {
  const collected = await collect(folder, config);
  const present = [runsFile, otlpFile].filter((name) => list(folder).includes(name));
  const hasRuns = [...collected.values()].some(({ runs }) => runs);
  const names = present.length > 0 ? present : [hasRuns ? runsFile : otlpFile];
  return names.map((name) => {
    const path = join(folder, name);
    writeFileSync(path, name === runsFile ? runsText(collected) : otlpText(collected));
    return path;
  });
}

async function collect(folder: string, config: ServiceConfig): Promise<ReadonlyMap<string, Collected>> {
  const trial = new Trial(config);
  const caller = readCaller(join(folder, 'caller.json'), trial.receivers);
  for (const name of requestsOf(folder)) {
    await trial.send(requestIn(join(folder, name), caller));
  }
  return trial.collected;
}

function requestIn(path: string, caller: Caller): Batch {
  try {
    return readRequest(readFileSync(path), caller);
  } catch (cause) {
    const { code, message } = Fault.of(cause);
    throw new Fault(code, `cannot read ${path}: ${message}`, { cause });
  }
}

function requestsOf(folder: string): readonly string[] {
  return list(folder).filter((name) => requestName.test(name));
}

/** Names in a folder, in their order; none if it is no folder. */
function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') return [];
    throw new Fault('GW_CONFIG_INVALID', `cannot read ${folder}: ${code}`, { cause });
  }
}

function readJson(folder: string, name: string): unknown {
  const path = join(folder, name);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Fault(
      'GW_CONFIG_INVALID',
      `cannot read ${path}: ${cause instanceof SyntaxError ? 'it is no JSON' : 'it is no readable file'}`,
      { cause },
    );
  }
}
