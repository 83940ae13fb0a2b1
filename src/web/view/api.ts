/**
 * The REST API as this page uses it: one function per call, typed by the schemas that the service itself answers by. Only
 * the types are taken from there, nothing that runs.
 */
import type { z } from 'zod';
import type {
  alertAnswer,
  alertRuleAnswer,
  alertRuleInput,
  alertRulesAnswer,
  alertsAnswer,
  deliveriesAnswer,
  deliveryAnswer,
  endpointInput,
  endpointsAnswer,
  newEndpointAnswer,
  previewAnswer,
  previewInput,
  silenceAnswer,
  silenceInput,
  silencesAnswer,
} from '../../alert/answers.js';
import type { AlertData } from '../../core/alert/payload.js';
import type {
  aboutAnswer,
  causesAnswer,
  explainAnswer,
  findingsAnswer,
  oneSignatureAnswer,
  samplesAnswer,
  signatureAnswer,
  signaturesAnswer,
  topAnswer,
  trendsAnswer,
} from '../../query/answers.js';
import type { previewAnswer as taughtPreviewAnswer, ruleAnswer, rulesAnswer } from '../../teach/answers.js';
import type { Event } from '../model/paste.js';

type TrendsAnswer = z.output<typeof trendsAnswer>;
/** Counts: no gap is left open, as it may be in rates, which nobody asks for here. */
export interface Trends extends Omit<TrendsAnswer, 'series'> {
  series: (Omit<TrendsAnswer['series'][number], 'points'> & { points: [number, number][] })[];
}
/** Counts or rates; null is a rate that nobody can tell. */
export type Rates = TrendsAnswer;
export type About = z.output<typeof aboutAnswer>;
export type Samples = z.output<typeof samplesAnswer>;
export type Top = z.output<typeof topAnswer>;
export type Explanation = z.output<typeof explainAnswer>;
export type Signatures = z.output<typeof signaturesAnswer>;
export type SignatureLine = z.output<typeof signatureAnswer>;
export type Signature = z.output<typeof oneSignatureAnswer>;
export type TaughtRules = z.output<typeof rulesAnswer>;
export type TaughtRule = z.output<typeof ruleAnswer>;
export type TaughtPreview = z.output<typeof taughtPreviewAnswer>;
export type TaughtRuleInput = Pick<TaughtRule, 'cause' | 'match' | 'note'>;
export type Causes = z.output<typeof causesAnswer>;
export type Findings = z.output<typeof findingsAnswer>;
export type Alerts = z.output<typeof alertsAnswer>;
export type AlertDetails = Partial<Pick<AlertData, 'summary' | 'distinct_clients' | 'what_changed' | 'samples' | 'advice' | 'findings'>>;
export type Alert = Omit<z.output<typeof alertAnswer>, 'details'> & { details: AlertDetails };
export type Rules = z.output<typeof alertRulesAnswer>;
export type Rule = z.output<typeof alertRuleAnswer>;
export type RuleInput = z.input<typeof alertRuleInput>;
export type Preview = z.output<typeof previewAnswer>;
export type Endpoints = z.output<typeof endpointsAnswer>;
export type NewEndpoint = z.output<typeof newEndpointAnswer>;
export type EndpointInput = z.input<typeof endpointInput>;
export type Deliveries = z.output<typeof deliveriesAnswer>;
export type Silences = z.output<typeof silencesAnswer>;

export interface Judgement extends Pick<Signature, 'cause' | 'fault' | 'confidence' | 'evidence' | 'also' | 'template' | 'advice'> {
  findings: Omit<Signature['findings'][number], 'count'>[];
  challenge?: { valid: boolean; challenges: { scheme: string; params: Record<string, string>; token68: string | null }[] };
}

/** A question, and the type of its answer. */
export interface Call<Answer> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  /** Holds the type alone. */
  answer?: Answer;
}

const get = <Answer>(path: string): Call<Answer> => ({ method: 'GET', path });
const post = <Answer>(path: string, body?: unknown): Call<Answer> => ({ method: 'POST', path, body });

export const api = {
  trends: (question: string) => get<Trends>(`/v1/trends?${question}`),
  rates: (question: string) => get<Rates>(`/v1/trends?${question}`),
  about: () => get<About>('/v1/about'),
  samples: (question: string) => get<Samples>(`/v1/samples?${question}`),
  top: (question: string) => get<Top>(`/v1/top?${question}`),
  explain: (question: string) => get<Explanation>(`/v1/explain?${question}`),
  signatures: (question: string) => get<Signatures>(`/v1/signatures?${question}`),
  signature: (id: string, question: string) => get<Signature>(`/v1/signatures/${id}?${question}`),
  teach: (id: string, cause: string | null): Call<undefined> => ({ method: 'PUT', path: `/v1/signatures/${id}/cause`, body: { cause } }),
  taughtRules: () => get<TaughtRules>('/v1/rules'),
  teachRule: (rule: TaughtRuleInput) => post<TaughtRule>('/v1/rules', rule),
  dropTaughtRule: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/rules/${id}` }),
  previewTaughtRule: (question: string) => get<TaughtPreview>(`/v1/rules/preview?${question}`),
  causes: (question: string) => get<Causes>(`/v1/causes?${question}`),
  findings: (question: string) => get<Findings>(`/v1/findings?${question}`),
  classify: (event: Event | Event[]) => post<{ results: Judgement[] }>('/v1/classify', event),
  alerts: (question: string) => get<Omit<Alerts, 'alerts'> & { alerts: Alert[] }>(`/v1/alerts?${question}`),
  alert: (id: string) => get<Alert>(`/v1/alerts/${id}`),
  acknowledge: (id: string, note: string) => post<Alert>(`/v1/alerts/${id}/ack`, { note }),
  acceptAsNormal: (id: string) => post<Alert>(`/v1/alerts/${id}/normal`),
  rules: () => get<Rules>('/v1/alert-rules'),
  addRule: (rule: RuleInput) => post<Rule>('/v1/alert-rules', rule),
  changeRule: (id: string, rule: RuleInput): Call<Rule> => ({ method: 'PUT', path: `/v1/alert-rules/${id}`, body: rule }),
  dropRule: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/alert-rules/${id}` }),
  preview: (input: z.input<typeof previewInput>) => post<Preview>('/v1/alert-rules/preview', input),
  endpoints: () => get<Endpoints>('/v1/endpoints'),
  addEndpoint: (endpoint: EndpointInput) => post<NewEndpoint>('/v1/endpoints', endpoint),
  changeEndpoint: (id: string, endpoint: EndpointInput): Call<undefined> => ({
    method: 'PUT',
    path: `/v1/endpoints/${id}`,
    body: endpoint,
  }),
  rotateSecret: (id: string) => post<NewEndpoint>(`/v1/endpoints/${id}/rotate-secret`),
  dropEndpoint: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/endpoints/${id}` }),
  testEndpoint: (id: string) => post<z.output<typeof deliveryAnswer>>(`/v1/endpoints/${id}/test`),
  deliveries: (id: string) => get<Deliveries>(`/v1/endpoints/${id}/deliveries`),
  redeliver: (id: string) => post<z.output<typeof deliveryAnswer>>(`/v1/deliveries/${id}/redeliver`),
  silences: () => get<Silences>('/v1/silences'),
  addSilence: (silence: z.input<typeof silenceInput>) => post<z.output<typeof silenceAnswer>>('/v1/silences', silence),
  dropSilence: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/silences/${id}` }),
};

/** What the service said against a request; `message` names the fields. */
export class RequestError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** @throws RequestError with what the service said, or that it cannot be reached */
export async function send<Answer>({ method, path, body }: Call<Answer>, signal?: AbortSignal): Promise<Answer> {
  const init: RequestInit = { method, ...(signal === undefined ? {} : { signal }) };
  if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const response = await fetch(path, init).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new RequestError('The service does not answer.', 0);
  });
  const text = await response.text();
  if (!response.ok) throw new RequestError(problemIn(text, response.status), response.status);
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

/** In the form of RFC 9457, where it came from the service itself. */
function problemIn(text: string, status: number): string {
  try {
    const {
      title,
      detail,
      errors = [],
    } = JSON.parse(text) as {
      title?: string;
      detail?: string;
      errors?: { field: string; message: string }[];
    };
    const fields = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    return [detail ?? title ?? `The service answered ${String(status)}.`, fields].filter((part) => part !== '').join(': ');
  } catch {
    return `The service answered ${String(status)}.`;
  }
}

/** The same call for a shell. */
export function curlOf({ method, path, body }: Call<unknown>): string {
  const url = quoted(location.origin + path);
  if (body === undefined) return method === 'GET' ? `curl ${url}` : `curl -X ${method} ${url}`;
  return `curl -X ${method} ${url} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
