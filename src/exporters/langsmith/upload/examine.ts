/**
 * What `spanway doctor` asks a LangSmith endpoint: whether it answers, whether it is a LangSmith, what time it has there, and what the key may do.
 * Nothing is written. Sources: langsmith-ingest §1 (hosts, keys, `/info`), §5 (answers to bad keys).
 */
import type { Destination } from '../../../model/destination.ts';
import { type Finding, ok, problem, warning } from '../../../model/finding.ts';
import { explainFailure } from '../../../model/network-failure.ts';
import type { Client, Reply } from './client.ts';
import { parseInfo } from './info.ts';

export interface Question {
  readonly client: Client;
  /** As the user wrote it. */
  readonly written: string;
  readonly destination: Destination;
  /** Keys come with the requests, so that the configured one may be empty. */
  readonly keysFromCallers: boolean;
  readonly now: () => number;
}

const timeoutMs = 10_000;
const skewMsMax = 60_000;
const hosted = /(^|\.)smith\.langchain\.com$/;
const pasted = /\/(otel|v1\/traces|runs|info)(\/|$)/;
const keyShape = /^lsv2_(pt|sk)_/;

export async function examineEndpoint(question: Question, stop: AbortSignal): Promise<readonly Finding[]> {
  const { client, destination } = question;
  const info = await client.get('/info', destination, stop, timeoutMs);
  const findings = [...pathFindings(question), ...(await infoFindings(question, info, stop))];
  if (typeof info === 'string' || info.status !== 200 || parseInfo(info.text) === undefined) return findings;
  return [...findings, ...skewFindings(info, question.now()), ...(await keyFindings(question, stop))];
}

/** Pasted paths are understood, but whoever pasted one may have meant another setting. */
function pathFindings({ written, destination }: Question): Finding[] {
  if (!pasted.test(new URL(written.trim()).pathname)) return [];
  return [
    warning(
      'endpoint',
      `${written.trim()} names a path of one API; ${destination.endpoint} is what is used`,
      'write the base URL: applications append /v1/traces to theirs, and here runs go to /runs/multipart',
    ),
  ];
}

async function infoFindings({ client, destination }: Question, info: Reply | string, stop: AbortSignal): Promise<Finding[]> {
  const url = `${destination.endpoint}/info`;
  if (typeof info === 'string') {
    const { sentence, remedy } = explainFailure(info);
    return [problem('endpoint', `${url} cannot be reached: ${sentence}`, remedy)];
  }
  if (info.status === 200 && parseInfo(info.text) !== undefined) return [ok('endpoint', `${url} answers as LangSmith does`)];
  if (info.status === 407)
    return [problem('endpoint', 'the proxy asks for a password', 'write it into HTTPS_PROXY: http://user:password@host:port')];
  const { pathname } = new URL(destination.endpoint);
  if (pathname === '/') {
    const behind = await client.get('/api/v1/info', destination, stop, timeoutMs);
    if (typeof behind !== 'string' && behind.status === 200 && parseInfo(behind.text) !== undefined)
      return [problem('endpoint', `${url} is no LangSmith, but /api/v1 there is`, `set endpoint to ${destination.endpoint}/api/v1`)];
  }
  return [
    problem(
      'endpoint',
      `${url} answers ${info.status}, and not as LangSmith does`,
      'set endpoint to https://api.smith.langchain.com, to https://eu.api.smith.langchain.com, or to https://HOST/api/v1 of your own LangSmith',
    ),
  ];
}

function skewFindings({ dateMs }: Reply, nowMs: number): Finding[] {
  if (dateMs === undefined) return [];
  const skewMs = nowMs - dateMs;
  if (Math.abs(skewMs) <= skewMsMax) return [ok('clock', 'this machine and the server agree on the time')];
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return [
    warning(
      'clock',
      `this machine is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} the server`,
      'set the clock (NTP): start times far off are refused, and traces stand at the wrong place',
    ),
  ];
}

async function keyFindings(question: Question, stop: AbortSignal): Promise<Finding[]> {
  const { client, destination, keysFromCallers } = question;
  if (destination.apiKey.empty) {
    if (keysFromCallers) return [ok('key', 'keys come with the requests, and none is configured for those that bring none')];
    return [problem('key', 'no API key is configured', 'set api_key, or the environment variable that the configuration reads it from')];
  }
  const { hostname } = new URL(destination.endpoint);
  const shape: Finding[] =
    hosted.test(hostname) && !keyShape.test(destination.apiKey.reveal())
      ? [warning('key', 'the key does not look like one of LangSmith (lsv2_pt_… or lsv2_sk_…)', 'check that the right variable is read')]
      : [];
  const answer = await client.get('/sessions?limit=1', destination, stop, timeoutMs);
  return [...shape, keyAnswer(question, answer, hostname)];
}

function keyAnswer({ destination }: Question, answer: Reply | string, hostname: string): Finding {
  if (typeof answer === 'string') {
    const { sentence, remedy } = explainFailure(answer);
    return problem('key', `the key could not be tried: ${sentence}`, remedy);
  }
  const regions = 'api, eu.api, apac.api and aws.api.smith.langchain.com';
  const other = hosted.test(hostname) ? ` If it is right, it may be of another region than ${hostname}: there are ${regions}.` : '';
  if (answer.status === 200)
    return ok('key', destination.workspaceId === '' ? 'the key is accepted' : 'the key is accepted in the workspace');
  if (answer.status === 401)
    return problem(
      'key',
      'the server does not know the key (401)',
      `check api_key (or LANGSMITH_API_KEY); a key that was deleted or has ended is replaced in the settings of LangSmith.${other}`,
    );
  if (answer.status === 403 && answer.text.includes('org_scoped_key_requires_workspace'))
    return problem(
      'workspace',
      'the key is of an organisation, and no workspace is named (403)',
      'set workspace_id to the id of the workspace',
    );
  if (answer.status === 403)
    return problem(
      'key',
      `the key is known, but may not read ${destination.workspaceId === '' ? 'its workspace' : 'the workspace'} (403)`,
      `check workspace_id, and the role of the key.${other}`,
    );
  if (answer.status === 404)
    return problem('workspace', 'the server does not know the workspace or path (404)', 'check workspace_id and endpoint');
  if (answer.status === 429) return warning('key', 'the server asks to slow down (429), so the key was not tried', 'try again in a minute');
  return warning('key', `the server answered ${answer.status}, so the key was not tried`, 'try again later; uploads are kept meanwhile');
}
