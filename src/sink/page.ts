import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

const folder = new URL('./page/', import.meta.url);
const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;

/** Nothing but the page's own files runs, loads or is sent to; run data may show an image that it carries itself. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** The page's files, by the path that they are served at. They are few and small, so they stay in memory. */
const files = {
  '/': 'index.html',
  '/page/theme.css': 'theme.css',
  '/page/page.css': 'page.css',
  '/page/trace.css': 'trace.css',
  '/page/main.js': 'main.js',
  '/page/api.js': 'api.js',
  '/page/dom.js': 'dom.js',
  '/page/format.js': 'format.js',
  '/page/messages.js': 'messages.js',
  '/page/run.js': 'run.js',
  '/page/tree.js': 'tree.js',
} as const;

export const pagePaths = Object.keys(files) as readonly (keyof typeof files)[];

/** Reads the files once; each handler then answers from memory. */
export function loadPage(): (path: keyof typeof files, response: ServerResponse) => void {
  const contents = new Map(pagePaths.map((path) => [path, readFileSync(new URL(files[path], folder))]));
  return (path, response) => {
    const extension = files[path].split('.')[1] as keyof typeof types;
    response.writeHead(200, { ...headers, 'content-type': types[extension] });
    response.end(contents.get(path));
  };
}
