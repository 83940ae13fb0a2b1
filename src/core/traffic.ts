/**
 * Where a request went: what every record with a status is counted by, refusal or not, so that refusals have a rate. By
 * declared routes alone: of the paths of everybody's requests nothing is kept, since no mask knows all names in them.
 */
import { textIn, textOf } from './fields.js';
import { label } from './label.js';
import type { LogRecord } from './log-record.js';
import { memo } from './memo.js';
import { maskRoute } from './mask-path.js';

export interface Target {
  service: string;
  environment: string;
  /** Empty where the record declares none. */
  route: string;
}

/** OpenTelemetry's name alone: a field that is just called `route` may hold the path. */
const ROUTE = 'http.route';

/** @param record spread */
export function targetOf(record: LogRecord): Target {
  const route = textIn(record.attributes[ROUTE]);
  return targetBy(
    targetKey({
      service: label(textOf(record, 'service') ?? '') || 'unknown_service',
      environment: label(textOf(record, 'environment') ?? ''),
      route: route === undefined || route === '' ? '' : maskRoute(route),
    }),
  );
}

/** Cannot occur in the parts: masking turns control characters into spaces. */
const BETWEEN = '\u001f';

/** The text that two targets share exactly when they are the same. */
export function targetKey({ service, environment, route }: Target): string {
  return [service, environment, route].join(BETWEEN);
}

/** The same object for the same target: requests are counted by it. */
const targetBy = memo((key: string): Target => {
  const [service = '', environment = '', route = ''] = key.split(BETWEEN);
  return { service, environment, route };
});
