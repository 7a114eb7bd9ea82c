import type { RequestListener } from 'node:http';
import express from 'express';
import type { Route } from './exchange.ts';
import { loadPage, pagePaths } from './page.ts';
import { Refusal } from './refusal.ts';
import { send } from './send.ts';
import { type ServeOptions, serve } from './serve.ts';

/** Clients differ in what they take for the base of the API. The longest comes first, since an unknown path ends in a 404. */
const prefixes = ['/api/v1', '/api', '/'];

export interface AppOptions extends ServeOptions {
  readonly routes: readonly Route[];
  /** Answered without a key. */
  readonly openRoutes: readonly Route[];
}

/** Express finds the route; everything around a handler (faults, access, body, answer) happens in `serve`. */
export function createApp(options: AppOptions): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const page = loadPage();
  for (const path of pagePaths) app.get(path, (_request, response) => page(path, response));
  // The address that the SDKs compute for a run leads to the page.
  app.get('/o/:tenant/projects/p/:session/r/:run', ({ params }, response) =>
    response.redirect(302, `/#/runs/${encodeURIComponent(params.run)}`),
  );
  const router = express.Router();
  const mount = ([method, path, handler]: Route, guarded: boolean): void => {
    router[method](path, (request, response) =>
      serve(request, response, request.params as Record<string, string>, handler, options, guarded),
    );
  };
  for (const route of options.openRoutes) mount(route, false);
  for (const route of options.routes) mount(route, true);
  router.use((request, response) => serve(request, response, {}, notFound, options, false));
  for (const prefix of prefixes) app.use(prefix, router);
  app.use(badRequest);
  return app as unknown as RequestListener;
}

/** What Express itself refuses, as a path that cannot be decoded. Express knows it for an error handler by its four parameters. */
const badRequest: express.ErrorRequestHandler = (_error, _request, response, _next) => {
  send(response, { status: 400, body: { error: 'Bad request' } });
};

function notFound(): never {
  throw new Refusal(404, { detail: 'Not Found' });
}
