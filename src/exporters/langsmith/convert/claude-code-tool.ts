import { emptyObject, type Json } from './json.ts';
import { slot } from './keys.ts';
import type { SpanReader } from './span-reader.ts';

const facts = ['full_command', 'file_path', 'skill_name', 'subagent_type'].map((name) => [name, slot(name)] as const);

/** What a tool of Claude Code was called with, where its input itself is not told. */
export function claudeToolInput(reader: SpanReader): Json | undefined {
  const input = emptyObject();
  let said = false;
  for (const [name, slot] of facts) {
    const value = reader.takeLeaf(slot);
    if (value === undefined) continue;
    input[name] = value;
    said = true;
  }
  return said ? input : undefined;
}
