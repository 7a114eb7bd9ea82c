import { emptyObject, isArray, isObject, isText, isVoid, type Json, type JsonObject, type Text } from '../json.ts';
import { jsonOf, startsLikeJson } from '../json-text.ts';
import { jsonText } from '../json-writer.ts';
import { constructorArguments } from './langchain.ts';
import { firstOf } from './message.ts';

/** LangSmith's document (mapping §6.4). */
export interface LangSmithDocument extends JsonObject {
  page_content: Text;
  type: 'Document';
  metadata: JsonObject;
}

const contentKeys = ['page_content', 'pageContent', 'content', 'text', 'document'];
const listKeys = ['documents', 'source_nodes', 'sourceNodes', 'nodes', 'results', 'matches', 'contexts'];
const wrapperKeys = ['document', 'node'];
const metadataKeys = ['metadata', 'meta'];

/** The documents in a list, or in a body that holds one. Documents without content or metadata are documents too. `undefined`: this is no list of them. */
export function documentsOf(value: Json): LangSmithDocument[] | undefined {
  const list = isObject(value) ? firstOf(value, ...listKeys) : value;
  if (!isArray(list) || list.length === 0 || !list.every((element) => isText(element) || isObject(element))) return undefined;
  return list.map(documentOf);
}

function documentOf(given: Json): LangSmithDocument {
  const element = isText(given) && startsLikeJson(given) ? (jsonOf(given) ?? given) : given;
  const metadata = emptyObject();
  if (!isObject(element)) return { page_content: isText(element) ? element : jsonText(element), type: 'Document', metadata };
  const content = read(element, metadata);
  return { page_content: content === undefined ? '' : isText(content) ? content : jsonText(content), type: 'Document', metadata };
}

/** Returns the content; everything else becomes metadata. */
function read(element: JsonObject, metadata: JsonObject): Json | undefined {
  const source = constructorArguments(element) ?? element;
  let content: Json | undefined;
  const contentKey = contentKeys.find(
    (key) => source[key] !== undefined && source[key] !== null && !(key === 'document' && isObject(source[key])),
  );
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (isVoid(value)) continue;
    if (key === contentKey) content = value;
    else if (wrapperKeys.includes(key) && isObject(value)) {
      const inner = read(value, metadata);
      if (content === undefined) content = inner;
      else if (inner !== undefined) metadata[key] ??= inner;
    } else if (metadataKeys.includes(key)) spread(value, key, metadata);
    else if (!(key === 'type' && value === 'Document')) metadata[key === 'id_' || key === 'document_id' ? 'id' : key] ??= value;
  }
  return content;
}

function spread(value: Json | undefined, name: string, metadata: JsonObject): void {
  const object = isText(value) ? jsonOf(value) : value;
  if (isObject(object)) for (const key of Object.keys(object)) metadata[key] ??= object[key];
  else metadata[name] = value;
}
