import type { EditorCases } from './cases.ts';
import { flattenEditor } from './flatten.ts';
import { listAndMapEditors } from './lists-and-maps.ts';
import { replaceEditors } from './replace.ts';
import { spanNameEditor } from './span-name.ts';

/** The cases of every editor, by family. */
export const editorCases: Readonly<Record<string, EditorCases>> = {
  'lists and maps': listAndMapEditors,
  flatten: flattenEditor,
  replace: replaceEditors,
  'span names': spanNameEditor,
};
