/** Log lines: pino, a fixed sentence each, facts as fields. JSON, or readable text on a terminal. */
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LoggerConfig {
  readonly level: LogLevel;
  /** `console` is readable text, `json` one object per line. */
  readonly encoding: 'console' | 'json';
  /** `stdout`, `stderr`, or paths of files. */
  readonly output_paths: readonly string[];
  /** Fields of every line. */
  readonly initial_fields: Readonly<Record<string, unknown>>;
}

/** A file is opened once and stays open; a logger made anew (a reload) opens it again, so that it may be rotated. */
const files = new Map<string, ReturnType<typeof pino.destination>>();

export function createLogger({ level, encoding, output_paths: paths, initial_fields: fields }: LoggerConfig): Logger {
  const options = {
    level,
    base: { ...fields },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const streams = paths.map((path) => ({ level, stream: encoding === 'console' ? readable(path) : destinationOf(path) }));
  const [only] = streams;
  return pino(options, only && streams.length === 1 ? only.stream : pino.multistream(streams));
}

/** Synchronous: the last lines before an exit are the ones that matter. */
function destinationOf(path: string): DestinationStream {
  if (path === 'stdout' || path === 'stderr') return pino.destination({ dest: path === 'stdout' ? 1 : 2, sync: true });
  const known = files.get(path);
  known?.reopen();
  const file = known ?? pino.destination({ dest: path, sync: true, mkdir: true });
  files.set(path, file);
  return file;
}

function readable(path: string): DestinationStream {
  const terminal = path === 'stdout' ? process.stdout : path === 'stderr' ? process.stderr : undefined;
  return pretty({
    destination: destinationOf(path) as unknown as NodeJS.WritableStream,
    sync: true,
    colorize: terminal?.isTTY === true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,hostname',
  });
}
