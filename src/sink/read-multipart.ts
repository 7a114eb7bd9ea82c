import type { Findings } from './findings.ts';
import { type Part, parseMultipart } from './multipart.ts';
import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';
import { parseStrictJson } from './strict-json.ts';
import {
  type FeedbackOperation,
  type Fields,
  isObject,
  outOfBandFields,
  type RunOperation,
  type StoredAttachment,
  type Upload,
} from './upload.ts';
import { isUuid } from './uuid.ts';

const outOfBand: ReadonlySet<string> = new Set(outOfBandFields);
const attachmentContentType = /\s*;\s*length=\d+\s*$/i;

interface Draft {
  readonly kind: 'post' | 'patch';
  readonly id: string;
  main: Fields;
  readonly parts: Record<string, unknown>;
  readonly attachments: Map<string, StoredAttachment>;
  bytes: number;
}

/** The operations of a `POST /runs/multipart` body. A main part comes before the parts that belong to it. */
export function readMultipart(body: Buffer, boundary: string, findings: Findings): Upload {
  const drafts = new Map<string, Draft>();
  const attachmentOwners = new Map<string, Draft>();
  const feedback: FeedbackOperation[] = [];
  for (const part of parseMultipart(body, boundary)) {
    const [kind, id, name] = splitName(part.name);
    if (kind === 'post' || kind === 'patch') {
      const draft = name === undefined ? mainPart(kind, id, part, drafts, findings) : outOfBandPart(kind, id, name, part, drafts, findings);
      attachmentOwners.set(id, draft);
    } else if (kind === 'attachment' && name !== undefined) {
      attachmentPart(id, name, part, attachmentOwners, findings);
    } else if (kind === 'feedback' && name === undefined) {
      feedback.push({ id, fields: objectIn(part) });
    } else {
      throw Refusal.unprocessable(Rule.partName, `unexpected part name ${part.name}`);
    }
  }
  return { runs: Array.from(drafts.values(), finished), feedback };
}

/** Number of `post` operations in a body whose parts are whole, without looking into them: what counting costs, and no more. */
export function countMultipart(body: Buffer, boundary: string): { posts: number; patches: number } {
  let posts = 0;
  let patches = 0;
  for (const { name } of parseMultipart(body, boundary)) {
    const [kind, , field] = splitName(name);
    if (field !== undefined) continue;
    if (kind === 'post') posts += 1;
    else if (kind === 'patch') patches += 1;
  }
  return { posts, patches };
}

/** `post.{uuid}`, `post.{uuid}.inputs`, `feedback.{uuid}`, `attachment.{uuid}.{name}`: the UUID has no dots, so the rest is the name. */
function splitName(partName: string): [kind: string, id: string, name: string | undefined] {
  const dot = partName.indexOf('.');
  const id = partName.slice(dot + 1, dot + 37);
  if (dot < 0 || !isUuid(id)) throw Refusal.unprocessable(Rule.partName, `part name ${partName} names no run`);
  const rest = partName.slice(dot + 37);
  if (rest !== '' && rest[0] !== '.') throw Refusal.unprocessable(Rule.partName, `part name ${partName} names no run`);
  return [partName.slice(0, dot), id, rest === '' ? undefined : rest.slice(1)];
}

function objectIn(part: Part): Fields {
  if (!part.contentType.startsWith('application/json'))
    throw Refusal.unprocessable(Rule.partWithoutContentType, `part ${part.name} is not application/json`);
  const value = parseStrictJson(part.content, `part ${part.name}`);
  if (!isObject(value)) throw Refusal.unprocessable(Rule.fieldType, `part ${part.name} is not an object`);
  return value;
}

function mainPart(kind: 'post' | 'patch', id: string, part: Part, drafts: Map<string, Draft>, findings: Findings): Draft {
  const main = objectIn(part);
  const key = `${kind}.${id}`;
  if (main.id !== undefined && main.id !== id) findings.must(Rule.idMismatch, id, `id in part ${part.name} does not match its name`);
  if (drafts.has(key)) findings.must(Rule.alreadyReceived, id, `part ${part.name} appears twice`);
  for (const field of outOfBandFields)
    if (field in main) findings.should(Rule.notOutOfBand, id, `${field} of part ${part.name} is not out-of-band`);
  const draft: Draft = { kind, id, main, parts: {}, attachments: new Map(), bytes: part.content.length };
  drafts.set(key, draft);
  return draft;
}

function outOfBandPart(kind: string, id: string, field: string, part: Part, drafts: Map<string, Draft>, findings: Findings): Draft {
  const draft = drafts.get(`${kind}.${id}`);
  if (!outOfBand.has(field)) throw Refusal.unprocessable(Rule.partName, `unexpected part name ${part.name}`);
  if (draft === undefined) throw Refusal.unprocessable(Rule.partName, `part ${part.name} comes without a main part before it`);
  const value = parseStrictJson(part.content, `part ${part.name}`);
  draft.bytes += part.content.length;
  if (value === null) findings.should(Rule.nullMember, id, `part ${part.name} is null`);
  else draft.parts[field] = value;
  return draft;
}

function attachmentPart(id: string, name: string, part: Part, owners: ReadonlyMap<string, Draft>, findings: Findings): void {
  const draft = owners.get(id);
  if (draft === undefined) throw Refusal.unprocessable(Rule.attachmentName, `attachment for run ${id}, which is not in this request`);
  if (name === '' || name.includes('.')) throw Refusal.unprocessable(Rule.attachmentName, `invalid attachment name for run ${id}`);
  if (draft.attachments.has(name)) findings.must(Rule.attachmentName, id, 'two attachments have the same name');
  draft.attachments.set(name, { contentType: part.contentType.replace(attachmentContentType, ''), content: Buffer.from(part.content) });
  draft.bytes += part.content.length;
}

/** Out-of-band parts win over members of the main part. Spread keeps a member named `__proto__` as data. */
function finished({ kind, id, main, parts, attachments, bytes }: Draft): RunOperation {
  return { kind, id, fields: { ...main, ...parts, id }, attachments, bytes };
}
