import { el } from './dom.js';
import { ago, cost, count, duration, latency, threadOf } from './format.js';
import { conversationOf, documentsOf, onlyTextOf } from './messages.js';

/** Everything of one run: figures, error, inputs, outputs, metadata, events. */
export function runView(run) {
  const { metadata = {}, ...extra } = run.extra ?? {};
  const thread = threadOf(run);
  return el(
    'article',
    { class: 'run' },
    el('h2', {}, el('span', { class: `dot ${run.run_type}` }), run.name),
    el(
      'p',
      { class: 'facts' },
      fact(run.run_type),
      el('span', { class: `tag ${run.status}` }, run.status),
      fact(duration(latency(run)), 'Latency'),
      fact(firstToken(run), 'Time to the first token'),
      fact(run.total_tokens ? `${count(run.prompt_tokens)} → ${count(run.completion_tokens)} tokens` : '', 'Prompt and completion'),
      fact(cost(run.total_cost), 'Cost'),
      fact(thread && `thread ${thread}`),
      fact(ago(run.start_time), run.start_time),
      (run.tags ?? []).map((tag) => el('span', { class: 'tag' }, tag)),
    ),
    run.error && section('Error', el('pre', { class: 'error-text' }, run.error)),
    section('Inputs', payload(run.inputs)),
    section('Outputs', payload(run.outputs)),
    attachments(run.s3_urls),
    feedback(run.feedback_stats),
    section('Metadata', table(metadata), isEmpty(metadata)),
    section('Events', jsonView(run.events), isEmpty(run.events)),
    section('Extra', jsonView(extra), isEmpty(extra), true),
    section(
      'Identity',
      table({
        id: run.id,
        trace_id: run.trace_id,
        parent_run_id: run.parent_run_id,
        dotted_order: run.dotted_order,
        start_time: run.start_time,
        end_time: run.end_time,
      }),
      false,
      true,
    ),
  );
}

function isEmpty(value) {
  return value === null || value === undefined || Object.keys(value).length === 0;
}

function fact(text, title = undefined) {
  return text ? el('span', { class: 'fact', title }, text) : undefined;
}

function firstToken(run) {
  return run.first_token_time ? `first token after ${duration(Date.parse(run.first_token_time) - Date.parse(run.start_time))}` : '';
}

function section(title, content, hidden = false, folded = false) {
  if (hidden) return undefined;
  return el('details', { class: 'section', open: !folded }, el('summary', {}, title), content);
}

function payload(value) {
  if (isEmpty(value)) return el('p', { class: 'quiet' }, 'none');
  const conversation = conversationOf(value);
  if (conversation !== undefined) return el('div', {}, conversation.map(messageView), rest(value));
  const documents = documentsOf(value);
  if (documents !== undefined) return el('div', {}, documents.map(documentView));
  const only = onlyTextOf(value);
  if (only !== undefined)
    return el('div', { class: 'message' }, el('div', { class: 'role' }, only.name), el('div', { class: 'text' }, only.text));
  return jsonView(value);
}

/** What stands beside the messages, as tools or usage. */
function rest(value) {
  const { messages, choices, generations, input, output, message, role, content, tool_calls, ...others } = value;
  return isEmpty(others) ? undefined : el('details', { class: 'rest' }, el('summary', {}, 'More'), jsonView(others));
}

function messageView({ role, name, blocks }) {
  return el(
    'div',
    { class: `message ${role}` },
    el('div', { class: 'role' }, role, name && el('span', { class: 'quiet' }, ` ${name}`)),
    blocks.map(blockView),
  );
}

function blockView(block) {
  switch (block.kind) {
    case 'text':
      return el('div', { class: 'text' }, block.text);
    case 'reasoning':
      return el('details', { class: 'reasoning' }, el('summary', {}, 'Reasoning'), el('div', { class: 'text' }, block.text));
    case 'image':
      return el('img', { class: 'image', alt: 'image of the message', src: block.url });
    case 'tool_call':
      return el(
        'div',
        { class: 'call' },
        el('div', { class: 'call-name' }, block.name),
        block.value === undefined ? undefined : jsonView(block.value),
      );
    default:
      return jsonView(block.value);
  }
}

function documentView({ text, metadata }) {
  return el(
    'div',
    { class: 'message' },
    el('div', { class: 'role' }, 'document'),
    el('div', { class: 'text' }, text),
    isEmpty(metadata) ? undefined : jsonView(metadata),
  );
}

function table(values) {
  const rows = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return el(
    'dl',
    { class: 'pairs' },
    rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, typeof value === 'object' ? JSON.stringify(value) : String(value))]),
  );
}

function attachments(urls) {
  const names = Object.keys(urls ?? {});
  if (names.length === 0) return undefined;
  return section(
    'Attachments',
    el(
      'ul',
      { class: 'links' },
      names.map((name) => el('li', {}, el('a', { href: urls[name].presigned_url, download: '' }, name.replace(/^attachment\./, '')))),
    ),
  );
}

function feedback(stats) {
  const entries = Object.entries(stats ?? {});
  return entries.length === 0
    ? undefined
    : section('Feedback', table(Object.fromEntries(entries.map(([key, { n, avg }]) => [key, avg === null ? `${n}×` : `${avg} (${n}×)`]))));
}

function jsonView(value) {
  return el('pre', { class: 'json' }, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}
