/**
 * Who was refused, and by what: the part of a record that is in no signature. Clients and users leave this process as
 * registers of a sketch alone (distinct.ts); the rest becomes facets, each a class that names nobody: networks for
 * addresses, families for user agents, names for instances, versions, issuers and key ids.
 */
import type { CredentialShape } from './credential.js';
import { textOf } from './fields.js';
import { label } from './label.js';
import type { LogRecord } from './log-record.js';
import { isKnown } from './known-words.js';
import { clip } from './mask.js';
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

type Found = Omit<Facet, 'facet'>;

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
  const add = (facet: number, found: Found): void => {
    if (found.value !== '') facets.push({ facet, ...found });
  };
  add(0, instanceOf(textOf(record, 'instance') ?? ''));
  add(1, versionOf(textOf(record, 'version') ?? ''));
  add(2, asRead(address === '' ? '' : networkOf(address)));
  add(3, productOf(textOf(record, 'userAgent') ?? ''));
  add(4, issuerOf(textOf(record, 'issuer') ?? credential?.issuer ?? ''));
  add(5, keyOf(textOf(record, 'keyId') ?? credential?.keyId ?? ''));
  return { client: address === '' ? (textOf(record, 'clientDomain') ?? '') : address, user: textOf(record, 'user') ?? '', facets };
}

function asRead(value: string): Found {
  return { value, isOpaque: false };
}

function versionOf(text: string): Found {
  return asRead(clip(label(text), MAX_VALUE));
}

/** How Kubernetes names pods: a name, the hash of a replica set or an ordinal, and five letters and digits without vowels. */
const POD = /^([a-z][a-z0-9.-]{0,60}?)(?:-[b-df-hj-np-tv-xz2456789]{8,10})?-(?:[b-df-hj-np-tv-xz2456789]{5}|\d{1,4})$/;
/** `ip-203-0-113-7`: clouds name machines by their addresses. */
const ADDRESS_IN_NAME = /(?<![a-z\d])(?:[\da-f]{1,4}[-_:.]){3}/i;

/** Machines are named by those who run the service: kept, but for addresses and what looks like a secret. */
function instanceOf(name: string): Found {
  const own = POD.exec(name)?.[1] ?? name;
  return { value: name, isOpaque: name.length > MAX_VALUE || label(own) !== own || ADDRESS_IN_NAME.test(name) };
}

/** A token names its key itself, and anybody can write one: kept when it is made of words that say nothing of anybody. */
function keyOf(name: string): Found {
  const isPlain =
    name.length <= MAX_VALUE &&
    /^[\w.: -]*$/.test(name) &&
    name.split(/[-_.: ]+/).every((piece) => /^v?\d{1,4}$/.test(piece) || isKnown(piece));
  return { value: name, isOpaque: !isPlain };
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

/** Robots that many are visited by; others say what they like. */
const BOT =
  /\b(AhrefsBot|Amazonbot|Applebot|Baiduspider|bingbot|Bytespider|CCBot|ClaudeBot|Discordbot|DotBot|DuckDuckBot|facebookexternalhit|Googlebot|GPTBot|LinkedInBot|MJ12bot|PetalBot|SemrushBot|Slackbot|Twitterbot|UptimeRobot|YandexBot)\b/;

/** Libraries and tools that name themselves without a version, or with a dot in their name. */
const PRODUCTS = new Set(
  'axios curl dalvik deno faraday got guzzle guzzlehttp insomnia java node node.js node-fetch okhttp postmanruntime prometheus python ruby superagent undici wget'.split(
    ' ',
  ),
);

/**
 * The product that asks, without its version: `Chrome`, `curl`, `okhttp`, `Googlebot`. Clients write what they like: what is
 * not written as programs write it (`shop-ios/4.2.1`) may be anybody's name.
 */
const productOf = memo((userAgent: string): Found => {
  const agent = userAgent.slice(0, 500);
  const bot = BOT.exec(agent)?.[1];
  if (bot !== undefined) return asRead(bot);
  if (agent.startsWith('Mozilla/')) return asRead(BROWSERS.find(([, pattern]) => pattern.test(agent))?.[0] ?? 'other browser');
  const [, name, version] = /^([A-Za-z][\w.-]{0,40})(?:\/(\d{1,5}(?:\.\w{1,20}){1,4}))?(?=[/ ;(]|$)/.exec(agent) ?? [];
  if (name === undefined) return asRead(agent === '' ? '' : 'other');
  const isProduct = PRODUCTS.has(name.toLowerCase()) || (version !== undefined && !name.includes('.') && label(name) === name);
  return { value: name, isOpaque: !isProduct };
});

/** Issuers that are no URL, by their own documentation. */
const BARE_ISSUERS = new Set(['accounts.google.com', 'kubernetes/serviceaccount']);

/** Host and masked path of an issuer: a realm tells more than its host. What is no URL may be anybody's name. */
const issuerOf = memo((text: string): Found => {
  const issuer = text.trim();
  if (issuer === '' || BARE_ISSUERS.has(issuer)) return asRead(issuer);
  const [, host = '', path = ''] =
    /^https?:\/\/([\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?(\/[^?#]{0,200})?(?:[?#].*)?$/i.exec(issuer) ?? [];
  if (host === '') return { value: issuer, isOpaque: true };
  const address = addressOf(host);
  const name = address === '' ? host.toLowerCase().split('.').map(partOfHost).join('.') : networkOf(address);
  return asRead(clip(name + (path === '' || path === '/' ? '' : maskPath(path)), MAX_VALUE));
});

function partOfHost(part: string): string {
  return ADDRESS_IN_NAME.test(part) ? '<id>' : label(part);
}
