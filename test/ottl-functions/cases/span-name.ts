import type { SpanKind } from '../../../src/model/batch.ts';
import type { Attributes, EditorCases } from './cases.ts';

/** What `set_semconv_span_name("1.37.0")` makes of a span of the name "was". */
export const spanNames: readonly (readonly [kind: keyof typeof SpanKind, attributes: Attributes, name: string])[] = [
  ['server', { 'http.request.method': 'GET', 'http.route': '/u/{id}' }, 'GET /u/{id}'],
  ['server', { 'http.method': 'GET' }, 'GET'],
  ['client', { 'http.request.method': 'GET', 'url.template': '/u/{id}' }, 'GET /u/{id}'],
  ['client', { 'http.request.method': 'GET', 'http.route': '/u/{id}' }, 'GET'],
  ['server', { 'rpc.system': 'grpc', 'rpc.service': 'S', 'rpc.method': 'M' }, 'S/M'],
  ['client', { 'rpc.system': 'grpc', 'rpc.service': 'S' }, 'S/*'],
  ['client', { 'rpc.system': 'grpc', 'rpc.method': 'M' }, 'M'],
  [
    'client',
    { 'db.system': 'mysql', 'db.operation.name': 'SELECT', 'db.namespace': 'shop', 'db.collection.name': 'users' },
    'SELECT shop.users',
  ],
  ['client', { 'db.system': 'mysql', 'db.query.summary': 'SELECT users' }, 'SELECT users'],
  ['client', { 'db.system': 'mysql', 'server.address': 'db', 'server.port': 3306n }, 'db:3306'],
  ['client', { 'db.system': 'mysql' }, 'mysql'],
  ['producer', { 'messaging.system': 'kafka', 'messaging.operation.name': 'send', 'messaging.destination.name': 'q' }, 'send q'],
  ['consumer', { 'messaging.system': 'kafka', 'messaging.destination.temporary': true }, '(temporary)'],
  ['internal', { 'http.request.method': 'GET' }, 'was'],
  ['server', {}, 'was'],
];

export const spanNameEditor: EditorCases = {
  results: [['set_semconv_span_name("1.37.0", "was")', { 'http.method': 'GET' }, { 'http.method': 'GET' }]],
  refused: [
    ['set_semconv_span_name("1.36.0")', {}, /must be between 1.37.0 and 1.40.0/],
    ['set_semconv_span_name("nonsense")', {}, /unsupported semconv version/],
    ['set_semconv_span_name("1.37.0", "")', {}, /cannot be an empty string/],
  ],
};
