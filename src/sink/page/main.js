import * as api from './api.js';
import { el, fill } from './dom.js';
import { ago, clip, cost, count, duration, latency, threadOf } from './format.js';
import { conversationOf, onlyTextOf } from './messages.js';
import { runView } from './run.js';
import { treeView } from './tree.js';

const refreshMs = 2_000;
const pageSize = 50;
const main = document.getElementById('main');

/** What the user has chosen beside the address: the address says project and run. */
const state = { search: '', errorsOnly: false, limit: pageSize, collapsed: new Set() };
/** JSON of what is shown, so that a refresh which brings nothing new touches nothing. */
let shown = '';
let generation = 0;

function place() {
  const [, kind, id] = location.hash.split('/');
  return { project: kind === 'projects' ? id : undefined, run: kind === 'runs' ? id : undefined };
}

async function refresh(force = false) {
  const current = force ? ++generation : generation;
  const { project, run } = place();
  try {
    const [stats, projects, content] = await Promise.all([
      api.stats(),
      api.projects(),
      run ? loadRun(run) : api.traces({ ...state, project }),
    ]);
    if (current !== generation) return;
    const next = JSON.stringify([project, run, stats.violations, stats.conflicts, projects, content]);
    document.getElementById('live').classList.remove('lost');
    if (next === shown && !force) return;
    shown = next;
    drawFigures(stats);
    drawProjects(projects, content.root?.session_id ?? project);
    if (run) drawRun(content);
    else drawTraces(content, project, projects);
  } catch (error) {
    if (current !== generation) return;
    shown = '';
    if (error instanceof api.KeyNeeded) drawKey();
    else document.getElementById('live').classList.add('lost');
  }
}

async function loadRun(id) {
  const selected = await api.run(id);
  const { runs, more } = await api.tree(selected.trace_id);
  return { selected, runs, more, root: runs.find((run) => run.id === selected.trace_id) ?? selected };
}

function drawFigures({ runs, traces, conflicts, violations }) {
  fill(
    document.getElementById('figures'),
    el('span', {}, `${count(traces) || 0} traces`),
    el('span', {}, `${count(runs) || 0} runs`),
    conflicts > 0 && el('span', { title: 'Operations that had been received before' }, `${conflicts} repeated`),
    violations > 0 &&
      el('a', { class: 'warn', href: '/sink/violations', title: 'Breaches of the upload contract' }, `${violations} violations`),
  );
}

function drawProjects(projects, currentId) {
  const link = (href, name, figure, current) =>
    el('a', { href, class: current ? 'current' : undefined }, el('span', { class: 'name' }, name), el('span', { class: 'quiet' }, figure));
  fill(
    document.getElementById('projects'),
    el('h2', {}, 'Projects'),
    link('#/', 'All', '', currentId === undefined),
    projects.map(({ id, name, run_count }) => link(`#/projects/${id}`, name, count(run_count), id === currentId)),
  );
}

function drawTraces({ runs, more }, project, projects) {
  const title = projects.find(({ id }) => id === project)?.name ?? 'All traces';
  document.title = `${title} · Spanway sink`;
  const typing = document.activeElement?.id === 'search';
  const search = el('input', {
    id: 'search',
    type: 'search',
    placeholder: 'Search',
    value: state.search,
    'aria-label': 'Search traces',
    oninput: (event) => choose({ search: event.target.value }),
  });
  const errors = el('input', {
    type: 'checkbox',
    checked: state.errorsOnly,
    onchange: (event) => choose({ errorsOnly: event.target.checked }),
  });
  const bar = el('div', { class: 'bar-of-tools' }, el('h1', {}, title), search, el('label', {}, errors, ' errors only'));
  fill(
    main,
    bar,
    runs.length === 0 ? emptyView() : tracesTable(runs),
    more && el('button', { type: 'button', class: 'more', onclick: () => choose({ limit: state.limit + pageSize }) }, 'Show more'),
  );
  if (typing) {
    search.focus();
    search.setSelectionRange(state.search.length, state.search.length);
  }
}

function choose(change) {
  Object.assign(state, change);
  void refresh(true);
}

function tracesTable(runs) {
  const head = ['Name', 'Input', 'Status', 'Latency', 'Tokens', 'Cost', 'Thread', 'Started'].map((text) => el('th', {}, text));
  return el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, runs.map(traceRow))));
}

function traceRow(run) {
  const open = () => {
    location.hash = `#/runs/${run.id}`;
  };
  return el(
    'tr',
    { onclick: open },
    el(
      'td',
      { class: 'name' },
      el('a', { href: `#/runs/${run.id}` }, el('span', { class: `dot ${run.run_type}`, title: run.run_type }), run.name),
    ),
    el('td', { class: 'quiet preview' }, preview(run.inputs)),
    el('td', {}, el('span', { class: `tag ${run.status}` }, run.status)),
    el('td', { class: 'number' }, duration(latency(run))),
    el('td', { class: 'number' }, count(run.total_tokens)),
    el('td', { class: 'number' }, cost(run.total_cost)),
    el('td', { class: 'quiet thread' }, clip(threadOf(run), 24)),
    el('td', { class: 'quiet', title: run.start_time }, ago(run.start_time)),
  );
}

/** The last thing that was said to the application, in one line. */
function preview(inputs) {
  const text = conversationOf(inputs)
    ?.flatMap(({ blocks }) => blocks)
    .findLast(({ kind }) => kind === 'text')?.text;
  return clip(text ?? onlyTextOf(inputs)?.text ?? (inputs && Object.keys(inputs).length > 0 ? JSON.stringify(inputs) : ''), 90);
}

function emptyView() {
  const shell = `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318      # through the gateway\nLANGSMITH_ENDPOINT=${location.origin}      # or straight from a LangSmith SDK`;
  return el(
    'div',
    { class: 'empty' },
    el('h2', {}, 'No traces yet'),
    el('p', { class: 'quiet' }, 'Point an application here, and its traces appear by themselves.'),
    el('pre', {}, shell),
  );
}

function drawRun({ selected, runs, more, root }) {
  document.title = `${root.name} · Spanway sink`;
  const scrolled = main.querySelector('.tree-pane')?.scrollTop ?? 0;
  const toggle = (id) => {
    if (!state.collapsed.delete(id)) state.collapsed.add(id);
    drawRun({ selected, runs, more, root });
  };
  const note = more && el('p', { class: 'quiet' }, `Only the first ${runs.length} runs of this trace are drawn.`);
  const pane = el(
    'section',
    { class: 'tree-pane', 'aria-label': 'Runs of the trace' },
    el('p', { class: 'crumbs' }, el('a', { href: `#/projects/${root.session_id ?? selected.session_id}` }, '← traces')),
    treeView(runs, selected.id, state.collapsed, toggle),
    note,
  );
  fill(main, el('div', { class: 'trace' }, pane, el('section', { class: 'run-pane', 'aria-label': 'Selected run' }, runView(selected))));
  pane.scrollTop = scrolled;
}

function drawKey() {
  if (document.getElementById('key')) return;
  const input = el('input', { id: 'key', type: 'password', placeholder: 'API key', 'aria-label': 'API key', autocomplete: 'off' });
  const submit = (event) => {
    event.preventDefault();
    api.setKey(input.value);
    void refresh(true);
  };
  fill(
    main,
    el(
      'form',
      { class: 'empty', onsubmit: submit },
      el('h2', {}, 'This sink asks for an API key'),
      input,
      el('button', { type: 'submit' }, 'Show'),
    ),
  );
}

window.addEventListener('hashchange', () => {
  state.limit = pageSize;
  void refresh(true);
});

async function poll() {
  if (!document.hidden) await refresh();
  setTimeout(poll, refreshMs);
}

void poll();
