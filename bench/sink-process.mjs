// A destination that speaks as much of LangSmith's protocol as a gateway that does nothing wrong gets to see, and only counts: so that it is not what
// is measured. Asked for it, it says how large the bodies that it kept would be at zstd's level 3.
import { createServer } from 'node:http';
import { compress } from '@cloudpss/zstd/wasm';
import { decompress as unzstd } from 'fzstd';
import { infoWith } from '../dist/sink/info.js';

const info = JSON.stringify(infoWith(undefined));
const samplesMax = 16;
const samples = [];

const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const chunks = [];
  const keeps = request.headers['content-encoding'] === 'zstd' && samples.length < samplesMax;
  request.on('data', (chunk) => keeps && chunks.push(chunk));
  request.on('end', () => {
    if (keeps) samples.push(Buffer.concat(chunks));
    response.setHeader('content-type', 'application/json');
    response.writeHead(request.method === 'GET' ? 200 : 202).end(request.method === 'GET' ? info : '{"message":"Runs batch ingested"}');
  });
});

process.on('message', () => {
  const sent = samples.reduce((sum, body) => sum + body.length, 0);
  const level3 = samples.reduce((sum, body) => sum + compress(unzstd(body), 3).length, 0);
  process.send({ sent, level3 });
});

server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.on('SIGTERM', () => process.exit(0));
