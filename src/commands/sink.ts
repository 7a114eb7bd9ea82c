/** `spanway sink`. */
import { startSink } from '../sink/sink.ts';

export async function sink({
  host,
  port,
  directory,
  lenient,
}: {
  host: string;
  port: string;
  directory: string;
  lenient: boolean;
}): Promise<void> {
  const running = await startSink({ host, port: Number(port), directory, strict: !lenient });
  process.stdout.write(
    `The sink shows its runs at ${running.url}\nSend to it with LANGSMITH_ENDPOINT=${running.url} and any LANGSMITH_API_KEY.\n`,
  );
  const stop = (): void => void running.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
