/**
 * The REST API as this page uses it: one function per call. Answers and bodies have the types of the generated client, and
 * addresses must be some that the OpenAPI document has.
 */
import { RequestError, send as sendTo, type Address, type Call, type Schemas } from '../../client/client.js';
import type { Event } from '../model/paste.js';

export { RequestError, type Call };

/** Counts: no gap is left open. */
export interface Trends extends Omit<Schemas['Trends'], 'series'> {
  series: (Omit<Schemas['Trends']['series'][number], 'points'> & { points: [number, number][] })[];
}
/** Counts or rates; null is a rate that nobody can tell. */
export type Rates = Schemas['Trends'];
export type About = Schemas['About'];
export type Samples = Schemas['Samples'];
export type Top = Schemas['Top'];
export type Explanation = Schemas['Explanation'];
export type Signatures = Schemas['Signatures'];
export type SignatureLine = Schemas['Signature'];
export type Signature = Schemas['SignatureDetails'];
export type Causes = Schemas['Causes'];
export type Findings = Schemas['Findings'];
export type Alerts = Schemas['Alerts'];
export type AlertDetails = Schemas['AlertDetails'];
export type Alert = Schemas['Alert'];
export type Rules = Schemas['AlertRules'];
export type Rule = Schemas['AlertRule'];
export type RuleInput = Schemas['AlertRuleInput'];
export type Preview = Schemas['AlertRulePreview'];
export type Endpoints = Schemas['Endpoints'];
export type NewEndpoint = Schemas['NewEndpoint'];
export type EndpointInput = Schemas['EndpointInput'];
export type Deliveries = Schemas['Deliveries'];
export type Silences = Schemas['Silences'];
export type TaughtRules = Schemas['Rules'];
export type TaughtRule = Schemas['Rule'];
export type TaughtPreview = Schemas['RulePreview'];
export type TaughtRuleInput = Pick<TaughtRule, 'cause' | 'match' | 'note'>;
export type Judgement = Schemas['Judgement'];

const get = <Answer>(path: Address<'get'>): Call<Answer> => ({ method: 'GET', path });
const post = <Answer>(path: Address<'post'>, body?: unknown): Call<Answer> => ({ method: 'POST', path, body });

const SESSION = '/v1/session';

export const api = {
  trends: (question: string) => get<Trends>(`/v1/trends?${question}`),
  rates: (question: string) => get<Rates>(`/v1/trends?${question}`),
  about: () => get<About>('/v1/about'),
  session: () => get<Schemas['Session']>(SESSION),
  signIn: (key: string) => post<Schemas['Session']>(SESSION, { key }),
  signOut: (): Call<undefined> => ({ method: 'DELETE', path: SESSION }),
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
  classify: (event: Event | Event[]) => post<Schemas['Judgements']>('/v1/classify', event),
  alerts: (question: string) => get<Alerts>(`/v1/alerts?${question}`),
  alert: (id: string) => get<Alert>(`/v1/alerts/${id}`),
  acknowledge: (id: string, note: string) => post<Alert>(`/v1/alerts/${id}/ack`, { note }),
  acceptAsNormal: (id: string) => post<Alert>(`/v1/alerts/${id}/normal`),
  rules: () => get<Rules>('/v1/alert-rules'),
  addRule: (rule: RuleInput) => post<Rule>('/v1/alert-rules', rule),
  changeRule: (id: string, rule: RuleInput): Call<Rule> => ({ method: 'PUT', path: `/v1/alert-rules/${id}`, body: rule }),
  dropRule: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/alert-rules/${id}` }),
  preview: (input: Schemas['AlertRulePreviewInput']) => post<Preview>('/v1/alert-rules/preview', input),
  endpoints: () => get<Endpoints>('/v1/endpoints'),
  addEndpoint: (endpoint: EndpointInput) => post<NewEndpoint>('/v1/endpoints', endpoint),
  changeEndpoint: (id: string, endpoint: EndpointInput): Call<undefined> => ({
    method: 'PUT',
    path: `/v1/endpoints/${id}`,
    body: endpoint,
  }),
  rotateSecret: (id: string) => post<NewEndpoint>(`/v1/endpoints/${id}/rotate-secret`),
  dropEndpoint: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/endpoints/${id}` }),
  testEndpoint: (id: string) => post<Schemas['Delivery']>(`/v1/endpoints/${id}/test`),
  deliveries: (id: string) => get<Deliveries>(`/v1/endpoints/${id}/deliveries`),
  redeliver: (id: string) => post<Schemas['Delivery']>(`/v1/deliveries/${id}/redeliver`),
  silences: () => get<Silences>('/v1/silences'),
  addSilence: (silence: Schemas['SilenceInput']) => post<Schemas['Silence']>('/v1/silences', silence),
  dropSilence: (id: string): Call<undefined> => ({ method: 'DELETE', path: `/v1/silences/${id}` }),
};

/** Told on `window` when the service asks for a key that this page does not have. */
export const SIGNED_OUT = 'why401:signed-out';

/** @throws RequestError with what the service said, or that it cannot be reached */
export async function send<Answer>(call: Call<Answer>, signal?: AbortSignal): Promise<Answer> {
  try {
    return await sendTo(call, signal === undefined ? {} : { signal });
  } catch (error) {
    // Somebody who signs in with a wrong key is there already.
    const isSignedOut = error instanceof RequestError && error.status === 401 && call.path !== SESSION;
    if (isSignedOut) window.dispatchEvent(new Event(SIGNED_OUT));
    throw error;
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
