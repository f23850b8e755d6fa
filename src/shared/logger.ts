import { pino } from 'pino';

/** Fields of one log line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What the code may say to the log; pino's shape, so a pino instance fits and a test can pass {@link silentLogger}. */
export interface Logger {
  debug(fields: LogFields, message?: string): void;
  info(fields: LogFields, message?: string): void;
  warn(fields: LogFields, message?: string): void;
  error(fields: LogFields, message?: string): void;
  child(bindings: LogFields): Logger;
}

/** Levels from loud to silent. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** JSON lines on standard output; passwords and tokens are cut out wherever they appear one or two levels deep. */
export function createLogger(level: LogLevel): pino.Logger {
  const secrets = ['password', 'authorization', 'cookie', 'token', 'secret'];
  return pino({
    level,
    redact: { paths: secrets.flatMap((s) => [s, `*.${s}`, `*.*.${s}`]), censor: '[cut]' },
    serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
  });
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
