// The sink as a process of its own, counting only, so that it is not what is measured.
import { startSink } from '../dist/sink/sink.js';

const sink = await startSink({ store: 'count' });
process.stdout.write(`${sink.url}\n`);
process.on('SIGTERM', () => void sink.close().then(() => process.exit(0)));
