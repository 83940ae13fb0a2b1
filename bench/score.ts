/** Judges labelled records the way stored ones are judged, and sums up how often that was right. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { judge, type Verdict } from '../src/core/judge.js';
import type { Attributes, AttributeValue } from '../src/core/log-record.js';
import { signatureOf } from '../src/core/refusal.js';
import type { Knowledge } from '../src/core/rules/index.js';
import type { Signature } from '../src/core/signature.js';

/** From this confidence on, a wrong verdict misleads. */
export const SURE = 0.8;
const RECORDS = fileURLToPath(new URL('../../bench/records/', import.meta.url));
const CORPUS = fileURLToPath(new URL('../../../shared/corpus/auth-failures.jsonl', import.meta.url));
/** The made-up time of the records' log lines. */
const RECORDED_MS = Date.UTC(2024, 4, 21, 9, 30);

/** Where the tables file a system under another name, or under several: what is left out when it is judged without its own. */
const TABLES_OF: Readonly<Record<string, readonly string[]>> = {
  'aspnetcore-jwtbearer': ['aspnetcore-auth', 'microsoft-identitymodel'],
  'aspnet-identity': ['aspnetcore-identity'],
  'auth0-java-jwt': ['java-jwt'],
  'aws-appsync': ['appsync'],
  'aws-sts': ['aws-sigv4'],
  axum: ['axum-extra'],
  'azure-aad': ['azure-ad'],
  'azure-api-management': ['azure-apim'],
  'azure-arm': ['azure-resource-manager'],
  bitbucket: ['atlassian'],
  consul: ['consul-nomad'],
  'docker-engine': ['docker-registry'],
  'duende-identityserver': ['identityserver'],
  'entra-id': ['azure-ad'],
  'fast-jwt': ['fastify-auth-plugins'],
  'forgerock-am': ['forgerock'],
  'google-apis': ['google-api', 'google-oauth'],
  istio: ['envoy'],
  'kerberos-spnego': ['kerberos', 'gssapi', 'ntlm'],
  'laravel-passport': ['laravel', 'league-oauth2-server'],
  'laravel-sanctum': ['laravel'],
  'ldap-ad': ['active-directory-ldap', 'active-directory', 'ldap', 'windows'],
  'lestrrat-jwx': ['jwx-go'],
  micronaut: ['micronaut-security'],
  mosquitto: ['mqtt'],
  nextauth: ['next-auth'],
  'node-saml': ['saml'],
  nomad: ['consul-nomad'],
  'ory-oathkeeper': ['oathkeeper'],
  artifactory: ['jfrog'],
  'php-jwt': ['firebase-php-jwt'],
  'phoenix-pow': ['pow'],
  play: ['play-framework'],
  'python3-saml': ['saml'],
  quarkus: ['smallrye-jwt', 'quarkus-oidc'],
  'quarkus-smallrye-jwt': ['smallrye-jwt', 'quarkus-oidc'],
  'ruby-saml': ['saml'],
  'rust-jsonwebtoken': ['jsonwebtoken-rust'],
  sanic: ['sanic-jwt'],
  'spring-saml-extension': ['saml', 'spring-security-saml'],
  'spring-security': ['spring-security', 'spring-security-oauth2', 'spring-security-saml'],
  supabase: ['supabase-gotrue'],
  symfony: ['symfony-security', 'lexik-jwt-bundle'],
  'web-token-php': ['web-token'],
  'wildfly-elytron': ['elytron'],
  wso2: ['wso2-apim'],
};

/** Whether a table belongs to a system of the labelled records. */
export function isTableOf(table: string, system: string): boolean {
  return (TABLES_OF[system] ?? [system]).includes(table);
}

export interface Labelled {
  id: string;
  system: string;
  cause: string;
  /** Other causes that are accepted. */
  also?: string[];
  input: { body?: AttributeValue; attributes?: Attributes };
}

export interface Scored extends Labelled {
  verdict: Verdict;
  signature: Signature;
  isRight: boolean;
}

export interface Score {
  records: number;
  /** Parts of the records, 0 to 1. */
  right: number;
  wrongButSure: number;
}

/** The sets that are there, by name. The shared corpus lies beside the repository and may be missing. */
export function recordSets(): Map<string, Labelled[]> {
  const sets = new Map<string, Labelled[]>();
  if (existsSync(CORPUS)) sets.set('shared corpus', read(CORPUS));
  for (const file of readdirSync(RECORDS).sort()) if (file.endsWith('.jsonl')) sets.set(file.replace('.jsonl', ''), read(RECORDS + file));
  return sets;
}

export function signatureOfRecord({ input }: Labelled): Signature {
  const record = { timeMs: RECORDED_MS, body: input.body ?? null, attributes: input.attributes ?? {}, resource: {} };
  return signatureOf(record);
}

export function scoreAll(records: readonly Labelled[], known?: (system: string) => Knowledge): Scored[] {
  return records.map((record) => {
    const signature = signatureOfRecord(record);
    const verdict = judge(signature, known?.(record.system));
    return { ...record, signature, verdict, isRight: verdict.cause === record.cause || (record.also ?? []).includes(verdict.cause) };
  });
}

export function scoreOf(scored: readonly Scored[]): Score {
  const wrongButSure = scored.filter(({ isRight, verdict }) => !isRight && verdict.confidence >= SURE).length;
  const right = scored.filter(({ isRight }) => isRight).length;
  return { records: scored.length, right: right / scored.length, wrongButSure: wrongButSure / scored.length };
}

function read(path: string): Labelled[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Labelled);
}
