import { isArray, isObject, isText, isVoid, type Json, type JsonObject, type Text, textOf } from '../json.ts';
import { jsonText } from '../json-writer.ts';

/** What a tool gave back, as the text of a tool message: texts and lists of text blocks as their text, anything richer as JSON text. */
export function resultText(output: Json | undefined): Text {
  if (output === undefined || output === null) return '';
  if (isText(output)) return output;
  return blocksText(output) ?? jsonText(output);
}

/** `[{text}]`, `[{type: "text", text}]` or the Model Context Protocol's `{content: [{type: "text", text}]}`, if it holds nothing else. */
function blocksText(output: Json): Text | undefined {
  const blocks = isObject(output) && hasOnly(output, 'content') ? output.content : output;
  if (!isArray(blocks) || blocks.length === 0) return undefined;
  const texts: Text[] = [];
  for (const block of blocks) {
    if (!isObject(block) || !isText(block.text) || !hasOnly(block, 'text')) return undefined;
    texts.push(block.text);
  }
  return texts.length === 1 ? texts[0] : texts.map(textOf).join('\n');
}

function hasOnly(block: JsonObject, member: string): boolean {
  for (const key of Object.keys(block)) {
    if (key === member || isVoid(block[key])) continue;
    if (key === 'type' && isText(block.type) && /^(?:text|input_text|output_text)$/.test(textOf(block.type))) continue;
    if (key === 'isError' && block.isError === false) continue;
    return false;
  }
  return true;
}
