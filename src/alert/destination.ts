/**
 * The guard against server-side request forgery: from the URL of an endpoint to the addresses that may be dialled for it.
 * It resolves a name once, checks every address of the answer, and hands out those addresses; whoever connects must dial
 * one of them and never resolve again, or a second answer (DNS rebinding) slips past. It does not connect.
 */
import { lookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { isAllowed, isLoopback, isPublicAddress, type Cidr } from '../core/alert/address.js';

/** A name to all of its addresses, as `dns.lookup` with `all` gives them; rejects with its error codes. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

/** What webhooks may reach beside the public internet. */
export interface Reach {
  allowed: readonly Cidr[];
  mayUseLoopback: boolean;
  resolve: Resolve;
}

export interface Destination {
  url: URL;
  /** Without the brackets of an IPv6 literal. */
  host: string;
  /** All checked, at least one. */
  addresses: readonly LookupAddress[];
}

/** `refused` for good; `retry` where the same URL may pass later, because a name could not be resolved now. */
export interface Refusal {
  outcome: 'refused' | 'retry';
  reason: string;
}

export async function findDestination(text: string, reach: Reach): Promise<Destination | Refusal> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return refused('the URL cannot be read');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refused('the URL must begin with https://');
  if (url.username !== '' || url.password !== '') return refused('the URL must hold no user name and no password');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await addressesOf(host, reach.resolve);
  if ('reason' in addresses) return addresses;
  const refusal = firstRefusal(addresses, url.protocol === 'https:', reach);
  return refusal === undefined ? { url, host, addresses } : refused(refusal);
}

/** The operating system's resolver, hosts file included. */
export function resolveName(name: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true, order: 'verbatim' }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}

/** The URL parser has already turned 0x7f.1, 2130706433 and the like into the plain address. */
async function addressesOf(host: string, resolve: Resolve): Promise<readonly LookupAddress[] | Refusal> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  try {
    const found = await resolve(host);
    return found.length > 0 ? found : { outcome: 'retry', reason: 'the name has no address' };
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
    return { outcome: 'retry', reason: isUnknown ? 'the name does not exist' : 'the name cannot be resolved now' };
  }
}

/** One bad address refuses them all: which one would be dialled is up to the network. */
function firstRefusal(addresses: readonly LookupAddress[], isHttps: boolean, reach: Reach): string | undefined {
  for (const { address } of addresses) {
    if (isAllowed(address, reach.allowed) || (reach.mayUseLoopback && isLoopback(address))) continue;
    if (!isPublicAddress(address)) return 'the host has an address that is not public and not in WHY401_WEBHOOK_ALLOW_CIDRS';
    if (!isHttps) return 'http is for addresses in WHY401_WEBHOOK_ALLOW_CIDRS only; use https';
  }
  return undefined;
}

function refused(reason: string): Refusal {
  return { outcome: 'refused', reason };
}
