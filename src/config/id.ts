/** A component's or pipeline's id: `type` or `type/name` (the Collector's `component/identifiable.go`). */
export interface Id {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

const typePattern = /^[a-zA-Z][0-9a-zA-Z_]{0,62}$/;
const namePattern = /^[^\p{Z}\p{C}\p{S}]{1,1024}$/u;

/** The id, both halves trimmed, or a sentence that says what is wrong with it. */
export function parseId(text: string): Id | string {
  const slash = text.indexOf('/');
  const type = (slash < 0 ? text : text.slice(0, slash)).trim();
  const name = slash < 0 ? '' : text.slice(slash + 1).trim();
  if (slash < 0 && type === '') return 'id must not be empty';
  if (type === '') return `in "${text}" id: the part before / should not be empty`;
  if (slash >= 0 && name === '') return `in "${text}" id: the part after / should not be empty`;
  if (!typePattern.test(type)) return `invalid character(s) in type "${type}"`;
  if (slash >= 0 && !namePattern.test(name)) return `invalid character(s) in name "${name}"`;
  return { id: slash < 0 ? type : `${type}/${name}`, type, name };
}
