/** Log lines for people and for `grep`: time in UTC, level, message; one line each, coloured on a terminal only. */
import type { LoggerService } from '@nestjs/common';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type Logger = Required<Pick<LoggerService, 'log' | 'error' | 'warn' | 'debug' | 'fatal' | 'verbose'>>;

const COLOURS: Record<LogLevel, string> = { error: '\u001b[31m', warn: '\u001b[33m', info: '', debug: '\u001b[2m' };
const RESET = '\u001b[0m';

/** @param lowest messages of lower levels are left out */
export function createLogger(lowest: LogLevel, output: NodeJS.WriteStream): Logger {
  const line =
    (level: LogLevel) =>
    (message: unknown): void => {
      if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(lowest)) return;
      const text = `${new Date().toISOString()} ${level.padEnd(5)} ${String(message)}`;
      output.write(output.isTTY && COLOURS[level] !== '' ? `${COLOURS[level]}${text}${RESET}\n` : `${text}\n`);
    };
  return {
    error: line('error'),
    fatal: line('error'),
    warn: line('warn'),
    log: line('info'),
    debug: line('debug'),
    verbose: line('debug'),
  };
}
