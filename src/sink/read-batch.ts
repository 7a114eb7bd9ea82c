import { Refusal } from './refusal.ts';
import { Rule } from './rules.ts';
import { parseStrictJson } from './strict-json.ts';
import { type Fields, isObject, type RunOperation, type Upload } from './upload.ts';
import { isUuid } from './uuid.ts';

const noAttachments: RunOperation['attachments'] = new Map();

/** The operations of a `POST /runs/batch` body: `{"post": [run…], "patch": [run…]}` with all fields inline. */
export function readBatch(body: Buffer): Upload {
  const batch = parseObject(body);
  const runs: RunOperation[] = [];
  for (const kind of ['post', 'patch'] as const) {
    const list = batch[kind] ?? [];
    if (!Array.isArray(list)) throw Refusal.unprocessable(Rule.fieldType, `invalid batch JSON: ${kind} is not an array`);
    for (const [index, fields] of list.entries()) {
      if (!isObject(fields)) throw Refusal.unprocessable(Rule.fieldType, `invalid batch JSON: ${kind}.${index} is not an object`);
      const id = fields.id;
      if (!isUuid(id)) throw Refusal.unprocessable(Rule.partName, `invalid batch JSON: batch schema error ${kind}.${index}.id: not a UUID`);
      runs.push(operationOf(kind, id, fields, body.length / list.length));
    }
  }
  return { runs, feedback: [] };
}

export function operationOf(kind: 'post' | 'patch', id: string, fields: Fields, bytes: number): RunOperation {
  return { kind, id, fields: withoutNulls(fields), attachments: noAttachments, bytes };
}

/** A JSON object as a whole body. */
export function parseObject(body: Buffer): Fields {
  const value = parseStrictJson(body, 'body');
  if (!isObject(value)) throw Refusal.unprocessable(Rule.fieldType, 'body is not an object');
  return value;
}

/** The endpoints that take JSON have always taken null for absent. */
function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
