/**
 * Who was refused, and by what: the part of a record that is in no signature. Clients and users leave this process as
 * registers of a sketch alone (distinct.ts); the rest becomes facets, each a class that names nobody: networks for
 * addresses, families for user agents, names for instances, versions, issuers and key ids.
 */
import type { CredentialShape } from './credential.js';
import { textOf } from './fields.js';
import { label } from './label.js';
import type { LogRecord } from './log-record.js';
import { maskPath } from './mask-path.js';
import { memo } from './memo.js';

/** A facet's place here is its number in the store: new ones go to the end. */
export const FACETS = ['instance', 'version', 'client_network', 'user_agent', 'issuer', 'key_id'] as const;

export interface Facet {
  /** Place in FACETS. */
  facet: number;
  /** Safe to store, but for an opaque one. */
  value: string;
  /** An identifier that nobody can tell from a secret: only a keyed pseudonym of it may be kept. */
  isOpaque: boolean;
}

export interface Witness {
  /** As the record has them, for this process's memory only. */
  client: string;
  user: string;
  facets: readonly Facet[];
}

const MAX_VALUE = 80;

/** @param record spread, header names in lower case */
export function witnessOf(record: LogRecord, credential?: CredentialShape): Witness {
  const address = addressOf(textOf(record, 'clientAddress') ?? '');
  const facets: Facet[] = [];
  const add = (facet: number, found: Omit<Facet, 'facet'> | undefined): void => {
    if (found !== undefined && found.value !== '') facets.push({ facet, ...found });
  };
  add(0, named(textOf(record, 'instance')));
  add(1, plain(textOf(record, 'version')));
  add(2, address === '' ? undefined : { value: networkOf(address), isOpaque: false });
  add(3, classOf(familyOf, textOf(record, 'userAgent')));
  add(4, classOf(issuerOf, textOf(record, 'issuer') ?? credential?.issuer));
  add(5, named(textOf(record, 'keyId') ?? credential?.keyId));
  return { client: address === '' ? (textOf(record, 'clientDomain') ?? '') : address, user: textOf(record, 'user') ?? '', facets };
}

function classOf(reduce: (text: string) => string, text: string | undefined): Omit<Facet, 'facet'> | undefined {
  return text === undefined ? undefined : { value: reduce(text), isOpaque: false };
}

function plain(text: string | undefined): Omit<Facet, 'facet'> | undefined {
  return classOf((name) => label(name).slice(0, MAX_VALUE), text);
}

/** How Kubernetes names pods: a word, the hash of a replica set or an ordinal, and five letters and digits without vowels. */
const POD = /^[a-z][a-z0-9.-]{0,60}?(?:-[b-df-hj-np-tv-xz2456789]{8,10})?-(?:[b-df-hj-np-tv-xz2456789]{5}|\d{1,4})$/;

/** Names of machines and keys: kept when they are made of words; of others only a pseudonym. */
function named(text: string | undefined): Omit<Facet, 'facet'> | undefined {
  if (text === undefined || text === '') return undefined;
  const isReadable = text.length <= MAX_VALUE && (label(text) === text || POD.test(text));
  return { value: text, isOpaque: !isReadable };
}

/** The address alone, without port, brackets and zone; of a chain of proxies the first. Empty for what is no address. */
const addressOf = memo((text: string): string => {
  const first = (text.split(',', 1)[0] ?? '').trim().toLowerCase();
  const v4 = /^(?:\[?::ffff:)?((?:\d{1,3}\.){3}\d{1,3})\]?(?::\d{1,5})?$/.exec(first)?.[1];
  if (v4 !== undefined) return v4;
  const v6 = /^\[?([0-9a-f:]{2,39})(?:%[\w.-]{1,30})?(?:\](?::\d{1,5})?)?$/.exec(first)?.[1];
  return v6 !== undefined && v6.includes(':') ? v6 : '';
});

/** `203.0.113.0/24`, `2001:db8:1::/48`: the block that providers hand out to one site. */
function networkOf(address: string): string {
  if (!address.includes(':')) return `${address.replace(/\.\d+$/, '.0')}/24`;
  const [head = '', tail] = address.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const missing = 8 - groups.length - (tail === undefined || tail === '' ? 0 : tail.split(':').length);
  if (tail !== undefined) for (let zero = 0; zero < missing; zero += 1) groups.push('0');
  if (tail !== undefined && tail !== '') groups.push(...tail.split(':'));
  const site = groups.slice(0, 3).map((group) => group.replace(/^0+(?=.)/, ''));
  while (site.at(-1) === '0') site.pop();
  return `${site.join(':')}::/48`;
}

/** Browsers name each other; the one that they are comes in this order. */
const BROWSERS: readonly (readonly [family: string, pattern: RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\/|\bOpera\b/],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|Chromium|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
];

/** The product that asks, without its version: `Chrome`, `curl`, `okhttp`, `Googlebot`. */
const familyOf = memo((userAgent: string): string => {
  const agent = userAgent.slice(0, 500);
  const bot = /\b([A-Z]?[A-Za-z]{2,20}(?:bot|Bot|spider|Spider|crawler))\b/.exec(agent)?.[1];
  if (bot !== undefined) return label(bot);
  if (agent.startsWith('Mozilla/')) return BROWSERS.find(([, pattern]) => pattern.test(agent))?.[0] ?? 'other browser';
  const product = /^([A-Za-z][\w.-]{0,40})(?=[/ ;(]|$)/.exec(agent)?.[1];
  return product === undefined ? 'other' : label(product);
});

/** Host and masked path of an issuer: a realm tells more than its host. */
const issuerOf = memo((issuer: string): string => {
  const [, host, path = ''] = /^(?:https?:\/\/)?([\w.-]{1,120}(?::\d{1,5})?)(\/[^?#]{0,200})?(?:[?#].*)?$/i.exec(issuer.trim()) ?? [];
  if (host === undefined) return '<issuer>';
  const name = host
    .toLowerCase()
    .split('.')
    .map((part) => label(part))
    .join('.');
  return (name + (path === '' || path === '/' ? '' : maskPath(path))).slice(0, MAX_VALUE);
});
