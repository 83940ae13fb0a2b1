/**
 * One alert, written as each kind of receiver reads it. Every format starts from the same fitted payload, so none says
 * more than another and all are bounded. Signing, headers and where it goes are left to src/alert/.
 */
import { alertmanagerAlerts, alertmanagerWebhook } from './alertmanager.js';
import { fit } from './fit.js';
import { pagerdutyEvent } from './pagerduty.js';
import type { AlertMessage } from './payload.js';
import { slackMessage } from './slack.js';

/** `alertmanager` is what Alertmanager's webhook receivers take, `alertmanager_api` what Alertmanager itself takes. */
export const FORMATS = ['standard', 'alertmanager', 'alertmanager_api', 'slack', 'pagerduty'] as const;
export type Format = (typeof FORMATS)[number];

export interface EncodeOptions {
  /** Name of the endpoint. */
  receiver: string;
  /** Where this service's dashboard is. */
  externalUrl: string;
  /** PagerDuty's integration key; the other formats have no use for it. */
  routingKey: string;
}

/** @returns the body, JSON */
export function encodeMessage(message: AlertMessage, format: Format, options: EncodeOptions): string {
  return JSON.stringify(ENCODERS[format](fit(message), options));
}

const ENCODERS: Record<Format, (message: AlertMessage, options: EncodeOptions) => object> = {
  standard: (message) => message,
  alertmanager: alertmanagerWebhook,
  alertmanager_api: alertmanagerAlerts,
  slack: slackMessage,
  pagerduty: (message, { routingKey }) => pagerdutyEvent(message, routingKey),
};
