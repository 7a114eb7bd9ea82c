/** Log lines: pino, a fixed sentence each, facts as fields. JSON, or readable text on a terminal. */
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LoggerConfig {
  readonly level: LogLevel;
  /** `console` is readable text, `json` one object per line. */
  readonly encoding: 'console' | 'json';
}

export function createLogger({ level, encoding }: LoggerConfig): Logger {
  const options = {
    level,
    base: {},
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  // Synchronous: the last lines before an exit are the ones that matter.
  const stream: DestinationStream =
    encoding === 'console'
      ? pretty({
          destination: 2,
          sync: true,
          colorize: process.stderr.isTTY === true,
          translateTime: 'SYS:HH:MM:ss.l',
          ignore: 'pid,hostname',
        })
      : pino.destination({ dest: 2, sync: true });
  return pino(options, stream);
}
