/** Texts of figures and times. Everything takes what the API gives, `null` included. */

export function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return '';
  if (ms < 1) return '<1 ms';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60 ? `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function latency(run) {
  return run.end_time ? Math.max(0, Date.parse(run.end_time) - Date.parse(run.start_time)) : undefined;
}

export function count(value) {
  if (!value) return '';
  if (value < 10_000) return String(value);
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)}k` : `${(value / 1_000_000).toFixed(1)}M`;
}

export function cost(value) {
  return value ? `$${value < 0.01 ? value.toPrecision(2) : value.toFixed(2)}` : '';
}

export function ago(time, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1_000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return time.slice(0, 10);
}

/** The key that makes a run part of a conversation; LangSmith looks in this order. */
export function threadOf(run) {
  const metadata = run.extra?.metadata ?? {};
  const thread = metadata.session_id ?? metadata.conversation_id ?? metadata.thread_id;
  return thread === undefined || thread === null ? '' : String(thread);
}

export function clip(text, max = 140) {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}
