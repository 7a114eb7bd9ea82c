import { type Node, onlyMember } from './tree.ts';

/** The longest text that every match must contain, as far as it stands in plain sight; '' if none does. */
export function requiredText(root: Node): string {
  let longest = '';
  let run = '';
  const visit = (node: Node): void => {
    if (node.kind === 'concat') for (const part of node.parts) visit(part);
    else if (node.kind === 'group') visit(node.body);
    else {
      const member = onlyMember(node);
      run = member < 0 ? '' : run + String.fromCodePoint(member);
      if (run.length > longest.length) longest = run;
    }
  };
  visit(root);
  return longest;
}
