/** What else comes to a gateway all the time: JSON, log records, metrics, and clients that are wrong. Each must get the answer that it deserves. */
interface Target {
  readonly http: string;
}

interface Request {
  readonly path: string;
  readonly type: string;
  readonly body: string;
  readonly answers: readonly number[];
}

const json = 'application/json';
const requests: readonly Request[] = [
  { path: '/v1/metrics', type: json, body: '{"resourceMetrics":[]}', answers: [200] },
  { path: '/v1/traces', type: json, body: '{"resourceSpans":[]}', answers: [200] },
  { path: '/v1/traces', type: json, body: '{"resourceSpans":[', answers: [400] },
  { path: '/v1/traces', type: 'application/x-protobuf', body: 'not a protobuf message', answers: [400] },
  { path: '/v1/traces', type: 'text/plain', body: 'hello', answers: [415] },
  { path: '/nowhere', type: json, body: '{}', answers: [404] },
];
const pauseMs = 50;

export interface Bystander {
  /** Log lines that these requests explain. */
  readonly explains: readonly string[];
  /** Resolves with the answers that were wrong. */
  stop(): Promise<readonly string[]>;
}

export function bystander(target: Target): Bystander {
  const odd: string[] = [];
  let going = true;
  const walk = (async () => {
    for (let number = 0; going; number += 1) {
      const { path, type, body, answers } = requests[number % requests.length] as Request;
      // While the gateway is killed or stops there is no answer, or one that says so.
      const status = await fetch(target.http + path, { method: 'POST', body, headers: { 'content-type': type } }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        () => 503,
      );
      if (status !== 503 && !answers.includes(status)) odd.push(`${path} ${type}: ${status}`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  })();
  return {
    explains: ['"a request was refused"'],
    stop: async () => {
      going = false;
      await walk;
      return odd;
    },
  };
}
