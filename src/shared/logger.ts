import { pino } from 'pino';

/** Fields of one log line. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log. It has pino's shape, so a pino instance fits; a test can pass {@link silentLogger}. */
export interface Logger {
  debug(fields: LogFields, message?: string): void;
  info(fields: LogFields, message?: string): void;
  warn(fields: LogFields, message?: string): void;
  error(fields: LogFields, message?: string): void;
  child(bindings: LogFields): Logger;
}

/** Levels from the most to the fewest lines. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** Writes JSON lines to standard output; cuts out passwords and tokens, up to two levels deep. */
export function createLogger(level: LogLevel): pino.Logger {
  const secrets = ['password', 'authorization', 'cookie', 'token', 'secret'];
  return pino({
    level,
    redact: { paths: secrets.flatMap((s) => [s, `*.${s}`, `*.*.${s}`]), censor: '[cut]' },
    serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
  });
}

/** A logger that writes nothing. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLogger,
};
