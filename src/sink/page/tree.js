import { el } from './dom.js';
import { count, duration, latency } from './format.js';

/** Rows of a trace in the order of its tree, each with its depth. Runs whose parent is not there stand at the top. */
export function treeRows(runs) {
  const known = new Set(runs.map(({ id }) => id));
  const children = new Map();
  const roots = [];
  for (const run of runs) {
    if (!known.has(run.parent_run_id)) roots.push(run);
    else if (children.has(run.parent_run_id)) children.get(run.parent_run_id).push(run);
    else children.set(run.parent_run_id, [run]);
  }
  const rows = [];
  const waiting = roots.reverse().map((run) => ({ run, depth: 0, path: [] }));
  while (waiting.length > 0) {
    const { run, depth, path } = waiting.pop();
    const below = children.get(run.id) ?? [];
    rows.push({ run, depth, path, children: below.length, orphan: depth === 0 && run.parent_run_id !== null });
    const deeper = [...path, run.id];
    for (const child of below.toReversed()) waiting.push({ run: child, depth: depth + 1, path: deeper });
  }
  return rows;
}

/** First start and last end of all runs, in ms. A run that goes on ends now. */
function spanOf(runs) {
  let [start, end] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const run of runs) {
    start = Math.min(start, Date.parse(run.start_time));
    end = Math.max(end, run.end_time ? Date.parse(run.end_time) : Date.now());
  }
  return { start, length: Math.max(1, end - start) };
}

export function treeView(runs, selectedId, collapsed, toggle) {
  const { start, length } = spanOf(runs);
  const rows = treeRows(runs).filter(({ path }) => !path.some((id) => collapsed.has(id)));
  return el(
    'ul',
    { class: 'tree' },
    rows.map((row) => treeRow(row, { start, length, selectedId, collapsed, toggle })),
  );
}

function treeRow({ run, depth, children, orphan }, { start, length, selectedId, collapsed, toggle }) {
  const ms = latency(run);
  const left = ((Date.parse(run.start_time) - start) / length) * 100;
  const width = Math.max(0.6, ((ms ?? Date.now() - Date.parse(run.start_time)) / length) * 100);
  const bar = el('span', {
    class: `bar ${run.run_type}`,
    style: { left: `${Math.min(99.4, left)}%`, width: `${Math.min(width, 100 - Math.min(99.4, left))}%` },
  });
  const fold = el(
    'button',
    {
      class: 'fold',
      type: 'button',
      'aria-label': 'Fold or unfold',
      'aria-expanded': String(!collapsed.has(run.id)),
      onclick: () => toggle(run.id),
    },
    collapsed.has(run.id) ? '▸' : '▾',
  );
  return el(
    'li',
    { class: `row${run.id === selectedId ? ' selected' : ''}` },
    el('span', { class: 'indent', style: { width: `${depth * 16}px` } }),
    children > 0 ? fold : el('span', { class: 'fold' }),
    el(
      'a',
      { class: 'step', href: `#/runs/${run.id}` },
      el('span', { class: `dot ${run.run_type}`, title: run.run_type }),
      el('span', { class: 'name' }, run.name),
      orphan && el('span', { class: 'tag warn', title: 'Its parent has not come' }, 'no parent'),
      run.status === 'error' && el('span', { class: 'tag error' }, 'error'),
      run.status === 'pending' && el('span', { class: 'tag' }, 'running'),
      el('span', { class: 'quiet tokens' }, run.total_tokens ? `${count(run.total_tokens)} tok` : ''),
      el('span', { class: 'track' }, bar),
      el('span', { class: 'quiet time' }, duration(ms)),
    ),
  );
}
