/**
 * The engine's own copy of a text that is used as a property name. Comparing two of them is comparing two pointers, so attribute keys and the
 * constants that they are compared with are made so, each once.
 */
export function internalized(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}
