/** Where a request went: what every record with a status is counted by, refusal or not, so that refusals have a rate. */
import { textOf } from './fields.js';
import { label } from './label.js';
import type { LogRecord } from './log-record.js';
import { maskPath, maskRoute } from './mask-path.js';

export interface Target {
  service: string;
  environment: string;
  /** Empty where the record names none. */
  route: string;
}

/**
 * @param record spread
 * @param logged a path that stands in the record's text
 */
export function targetOf(record: LogRecord, logged: string | undefined): Target {
  return {
    service: label(textOf(record, 'service') ?? '') || 'unknown_service',
    environment: label(textOf(record, 'environment') ?? ''),
    route: routeOf(record, logged),
  };
}

function routeOf(record: LogRecord, logged: string | undefined): string {
  const route = textOf(record, 'route');
  if (route !== undefined) return maskRoute(route);
  const path = textOf(record, 'path') ?? logged;
  return path === undefined ? '' : maskPath(path);
}

export function namesRoute(record: LogRecord): boolean {
  return textOf(record, 'route') !== undefined || textOf(record, 'path') !== undefined;
}
