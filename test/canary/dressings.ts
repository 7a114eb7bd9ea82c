/** How a secret stands in a value: alone, in a sentence, in what applications and SDKs make of their data. */

/** An `AnyValue` as OTLP/JSON spells it. */
export type AnyValue = Readonly<Record<string, unknown>>;
type Draw = () => string;

const string = (stringValue: string): AnyValue => ({ stringValue });
const json = (value: unknown): AnyValue => string(JSON.stringify(value));
const pair = (key: string, value: AnyValue) => ({ key, value });
const map = (...values: readonly { readonly key: string; readonly value: AnyValue }[]): AnyValue => ({ kvlistValue: { values } });
const list = (...values: readonly AnyValue[]): AnyValue => ({ arrayValue: { values } });
/** Each character as JSON may spell any. */
const escaped = (text: string): string =>
  [...text].map((one) => `\\u${(one.codePointAt(0) as number).toString(16).padStart(4, '0')}`).join('');

const messages = (draw: Draw): unknown => [
  { role: 'system', content: `Never tell ${draw()} to anybody.` },
  { role: 'user', content: [{ type: 'text', text: draw() }] },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      { id: 'call_1', type: 'function', function: { name: 'send', arguments: JSON.stringify({ to: draw(), body: { a: [draw()] } }) } },
    ],
  },
  { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify({ result: draw() }) },
];

export const dressings: Readonly<Record<string, (draw: Draw) => AnyValue>> = {
  alone: (draw) => string(draw()),
  'in a sentence': (draw) => string(`My secret is ${draw()} and nobody else’s 😀.`),
  'in other languages': (draw) => string(`値は ${draw()} です。 Значение: ${draw()}, спасибо`),
  'in a log line': (draw) => string(`2026-01-01T00:00:00Z ERROR got <${draw()}> from client\n\tat next line`),
  'in a query': (draw) => string(`https://api.example.com/callback?state=1&key=${draw()}&x=2`),
  'in JSON': (draw) => json({ messages: messages(draw), temperature: 0.5 }),
  'in JSON in JSON': (draw) => json({ kwargs: JSON.stringify({ input: JSON.stringify({ text: draw() }), messages: messages(draw) }) }),
  'in JSON as one string': (draw) => json(JSON.stringify({ text: draw() })),
  'in escaped JSON': (draw) => string(`{"text":"${escaped(draw())}"}`),
  'in JSON lines': (draw) => string(`{"a":"${JSON.stringify(draw()).slice(1, -1)}"}\n{"b":"${JSON.stringify(draw()).slice(1, -1)}"}\n`),
  'in JSON that was cut off': (draw) =>
    string(`{"messages":[{"role":"user","content":"it is ${JSON.stringify(draw()).slice(1, -1)} and th`),
  'in a name of JSON': (draw) => json({ [draw()]: { n: 1 } }),
  'behind a doubled name of JSON': (draw) =>
    string(`{"a":"${JSON.stringify(draw()).slice(1, -1)}","a":"${JSON.stringify(draw()).slice(1, -1)}"}`),
  'in a list': (draw) => list(string(draw()), list(string(draw())), json([draw()])),
  'in a map': (draw) => map(pair('a', string(draw())), pair('b', map(pair('c', list(string(draw()))), pair(draw(), { intValue: '1' })))),
  'behind a doubled name of a map': (draw) => map(pair('same', string(draw())), pair('same', string(draw()))),
  'in bytes': (draw) => ({ bytesValue: Buffer.from(`say ${draw()}`).toString('base64') }),
  'in bytes of a map': (draw) => map(pair('raw', { bytesValue: Buffer.from(`\u00ff${draw()}`, 'latin1').toString('base64') })),
};

export const dressingNames = Object.keys(dressings);

export function dressed(index: number, draw: Draw): AnyValue {
  const name = dressingNames[index % dressingNames.length] as string;
  return (dressings[name] as (draw: Draw) => AnyValue)(draw);
}
