// The combined scan of redaction: throughput beside the same detectors one pattern after another, and texts made to hurt.

import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { presets, scannerOf } from '../dist/processors/redaction/detect/detect.js';
import { personalDetectors } from '../dist/processors/redaction/detect/personal/personal.js';
import { secretDetectors } from '../dist/processors/redaction/detect/secrets/secrets.js';
import { compare, median, table } from './measure.mjs';

const characters = 4096;

/** Some 4 kB of a text, as one flat string of the engine, the way decoding makes it. */
const prompt = (text) => Buffer.from(text.repeat(Math.ceil(characters / text.length)).slice(0, characters)).toString();

const clean = {
  'English prose': prompt(
    'You are a careful assistant. The quarterly report shows that customers prefer shorter answers, and that in 2023 about 42% of them wrote back within 3 days. Please summarise the conversation below for the support team; then suggest two next steps, and keep it under 150 words. ',
  ),
  'JSON of messages': prompt(
    JSON.stringify([
      { role: 'user', content: 'What is the weather in Paris today, and should I take an umbrella to the office?', id: 'run-17' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_8', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Paris","days":3}' } }],
      },
      { usage: { prompt_tokens: 1204, completion_tokens: 31, total_tokens: 1235 }, created: 1714999999, temperature: 0.7 },
    ]),
  ),
  TypeScript: prompt(
    'export async function fetchRuns(client: Client, options: Options = {}): Promise<Run[]> {\n  const limit = options.limit ?? 100;\n  for (let page = 0; page < 10; page += 1) {\n    const response = await client.get(`/runs/page/` + page + `?limit=` + limit);\n    if (response.status !== 200) throw new Error("cannot read runs: " + response.status);\n    runs.push(...response.body.items_v2.map((item) => item.run_id));\n  }\n  return runs;\n}\n',
  ),
  URLs: prompt(
    'See https://docs.example.com/guide/v2/getting-started?ref=home&utm_source=mail#step-3 and https://github.com/acme/gateway/blob/main/src/index.ts#L120-L140 for details.\n',
  ),
  'a report of numbers': prompt(
    'Q1 2024: 1,204 units at $12.50; Q2 2024: 1,398 units at $13.25 (+11.3%). Version 2.14.3, 2024-05-06T12:30:45Z, run 3f2504e0-4f89-11d3-9a0c-0305e82c3301 took 0.0231 s. ',
  ),
  Japanese: prompt(
    'お客様のご質問にお答えします。2024年の売上は前年比で12%増加しました。次の会議は来週の火曜日に予定されています。詳細は資料をご覧ください。',
  ),
  Russian: prompt(
    'Пожалуйста, кратко изложите следующий разговор для службы поддержки. В 2023 году около 42% клиентов ответили в течение 3 дней. ',
  ),
};

const key = `gsk${'_'}${'aB3dE6gH9jK2mN5pQ8sT'.repeat(3).slice(0, 52)}`;
const planted = [
  ' Contact jane.doe@example.com or +1 202 555 0142. ',
  ` Card 4111 1111 1111 1111, key ${key}. `,
  ' "password":"hunter22","ip":"10.1.2.3","iban":"DE89370400440532013000" ',
  ' postgres://app:s3cr3t@db.example.com/x ',
];

/** The clean text with four lines of things to find, a kilobyte apart. */
const withHits = (text) => planted.map((line, at) => text.slice(at * 1000, (at + 1) * 1000) + line).join('');

const wanted = [...presets.pii, ...presets.secrets];

/** What a plain redaction does: each detector's pattern goes over the whole text, and what it finds is checked. */
function naive() {
  const places = {
    iban: /\b[A-Z]{2}\d\d(?:[ -]?[A-Z\d]){11,27}\b/g,
    email: /[\w.%+'-]{1,64}@(?:[a-z\d-]{1,63}\.){1,8}[a-z]{2,24}/gi,
    phone: /\+?\(?\d[\d ().-]{6,20}\d/g,
    ipv4: /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
    ipv6: /\b[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}\b/gi,
    mac_address: /\b[\da-f]{2}(?:[:-][\da-f]{2}){5}\b/gi,
    url_credentials: /:\/\/[^\s/@:]{0,128}:[^\s/@]{1,256}@/g,
    telegram_token: /\b\d{8,10}:AA[\w-]{33}/g,
    discord_token: /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}/g,
    azure_client_secret: /[\w.~-]{3}\dQ~[\w.~-]{31,34}/g,
    aws_secret_access_key: /secret_?(?:access_?)?key["']?\s?[:=]\s?["']?[A-Za-z\d/+]{40}/gi,
    france_nir: /\b[1-478] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d\b/gi,
    spain_nif: /\b(?:\d{8}[- ]?|\d\d\.\d{3}\.\d{3}[- ]?|[XYZ]-?\d{7}-?)[A-Z]\b/g,
    named_secret: /(?:password|passwd|pwd|secret|token|api_?key)["']?\s?[:=]\s?["']?[^\s"']{4,512}/gi,
  };
  const shape = (form) => form.replace(/\d+/g, (length) => `\\d{${length}}`).replace(/[./]/g, '\\$&');
  const passes = [];
  for (const detector of [...secretDetectors, ...personalDetectors]) {
    if (!wanted.includes(detector.name)) continue;
    const isValid = detector.isValid ?? (() => true);
    if (places[detector.name]) passes.push([places[detector.name], () => true]);
    else if (detector.pattern) passes.push([new RegExp(detector.pattern.source, detector.pattern.flags.replace('y', 'g')), isValid]);
    else if (detector.shapes) {
      const forms = [...detector.shapes, ...(detector.hintedShapes ?? [])];
      passes.push([
        new RegExp(`\\b(?:${forms.map(shape).join('|')})\\b`, 'g'),
        (found) => isValid(Uint8Array.from(found.replace(/\D/g, ''), Number)),
      ]);
    }
  }
  return (text) => {
    let hits = 0;
    for (const [pattern, isValid] of passes) for (const found of text.matchAll(pattern)) if (isValid(found[0])) hits += 1;
    return hits;
  };
}

const rounds = { rounds: 5, msPerRound: 60 };
const megabytes = (rate) => `${Math.round(rate)} MB/s`;

function throughput() {
  const scanner = scannerOf(wanted);
  const oneByOne = naive();
  const rows = [];
  const combined = (text) => scanner.scan(text, undefined, { value: 1e9, batch: 1e9 });
  const measure = (texts) => {
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
    const over = (scan) => () => {
      for (const text of texts) scan(text);
      return bytes;
    };
    return compare({ combined: over(combined), naive: over(oneByOne) }, rounds);
  };
  const add = (name, texts) => {
    const plain = measure(texts);
    const found = measure(texts.map(withHits));
    rows.push([name, megabytes(plain.combined), megabytes(plain.naive), megabytes(found.combined), megabytes(found.naive)]);
  };
  for (const [name, text] of Object.entries(clean)) add(name, [text]);
  add('all in turns', Object.values(clean));
  table(
    `Redaction: ${wanted.length} detectors of pii and secrets over 4 kB texts`,
    ['text', 'clean', 'clean, one by one', 'with hits', 'with hits, one by one'],
    rows,
  );
}

const mebibyte = 2 ** 20;
/** A scan that takes less needs no second look, and none after the third. */
const worthAgainMs = [30, 30, 60, 60, 60, 60, 60, 60];

/** Time of the processor, not of the clock: a neighbour on the machine does not count, except that a shared core is slower. */
function scanMs(scanner, text, budget) {
  const start = process.cpuUsage();
  scanner.scan(text, undefined, budget);
  return process.cpuUsage(start).user / 1000;
}

/** The texts stand with the tests, which ask that the steps stay within the budget; here it is what they take. */
async function pathological() {
  const path = fileURLToPath(new URL('../test/redaction-detect/nasty.ts', import.meta.url));
  const { everythingNasty } = (await runnerImport(path, { configFile: false, logLevel: 'silent' })).module;
  const scanner = scannerOf(wanted);
  const ample = () => ({ value: 1e12, batch: 1e12 });
  const rows = everythingNasty.map(({ name, make }) => {
    const text = Buffer.from(make(mebibyte)).toString();
    const budget = ample();
    scanMs(scanner, text.slice(0, mebibyte / 8), ample());
    let best = scanMs(scanner, text, budget);
    for (const ms of worthAgainMs) if (best > ms) best = Math.min(best, scanMs(scanner, text, ample()));
    return { name, best, steps: (1e12 - budget.batch) / text.length };
  });
  rows.sort((one, other) => other.best - one.best);
  const show = ({ name, best, steps }) => [name, `${best.toFixed(0)} ms`, steps.toFixed(1)];
  table(
    `Redaction: 1 MiB of each of ${rows.length} texts that hurt; the slowest twenty, median ${median(rows.map(({ best }) => best)).toFixed(0)} ms, maximum ${rows[0].best.toFixed(0)} ms`,
    ['text', 'best of three, or of nine', 'steps per character'],
    rows.slice(0, 20).map(show),
  );
}

export async function benchRedaction() {
  throughput();
  await pathological();
}
