/**
 * Which IP addresses a webhook may reach by default: global unicast ones that belong to one host of the public internet.
 * An IPv6 address that merely holds an IPv4 one is judged by that one; a range that tunnels or translates to another
 * address is refused as a whole. Text that is no plain address counts as refused. Names, and who is told what, are left
 * to src/alert/webhook.ts.
 */

/** A range of addresses; IPv4-mapped IPv6 ranges are held as the IPv4 range inside. */
export interface Cidr {
  readonly bits: 32 | 128;
  readonly base: bigint;
  readonly prefix: number;
}

export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && !NOT_PUBLIC.some((range) => holds(range, parsed));
}

/** @param allowed ranges that somebody opened on purpose, see WHY401_WEBHOOK_ALLOW_CIDRS */
export function isAllowed(address: string, allowed: readonly Cidr[]): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && allowed.some((range) => holds(range, parsed));
}

export function isLoopback(address: string): boolean {
  return isAllowed(address, LOOPBACK);
}

/**
 * `10.0.0.0/8`, `fd00::/8`, or one address, which is a range of itself. Undefined for anything else, and for a range whose
 * base has bits behind the prefix: `10.1.2.3/8` is more often a slip than a wish to open all of 10.0.0.0/8.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...more] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || more.length > 0) return undefined;
  if (length === undefined) return { bits: parsed.bits, base: parsed.value, prefix: parsed.bits };
  const written = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : Infinity;
  // A mapped range was written with IPv6's length, 96 bits more than its IPv4 range has.
  const prefix = parsed.bits === 32 && address.includes(':') ? written - 96 : written;
  if (prefix < 0 || prefix > parsed.bits) return undefined;
  const hostBits = BigInt(parsed.bits - prefix);
  if ((parsed.value >> hostBits) << hostBits !== parsed.value) return undefined;
  return { bits: parsed.bits, base: parsed.value, prefix };
}

interface Address {
  bits: 32 | 128;
  value: bigint;
}

function holds({ bits, base, prefix }: Cidr, address: Address): boolean {
  const hostBits = BigInt(bits - prefix);
  return bits === address.bits && address.value >> hostBits === base >> hostBits;
}

function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === undefined ? undefined : { bits: 32, value };
  }
  const value = parseV6(text);
  if (value === undefined) return undefined;
  const inner = innerV4(value);
  return inner === undefined ? { bits: 128, value } : { bits: 32, value: inner };
}

/** The IPv4 address in ::ffff:a.b.c.d (mapped) or ::a.b.c.d (compatible); `::` and `::1` are addresses of IPv6's own. */
function innerV4(value: bigint): bigint | undefined {
  const head = value >> 32n;
  return head === 0xffffn || (head === 0n && value > 1n) ? value & 0xffff_ffffn : undefined;
}

/** Four decimal numbers. A leading zero is refused: some readers take it for octal. */
function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291, 2.2. A zone (`fe80::1%eth0`) is refused: it names an interface, and only link-local addresses have one. */
function parseV6(text: string): bigint | undefined {
  const [left = '', right, ...more] = withHexTail(text).split('::');
  if (more.length > 0) return undefined;
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** `::ffff:127.0.0.1` as `::ffff:7f00:1`; a tail that is no IPv4 address stays and fails as a group. */
function withHexTail(text: string): string {
  const start = text.lastIndexOf(':') + 1;
  const tail = parseV4(text.slice(start));
  return tail === undefined ? text : `${text.slice(0, start)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

/** Sources: the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890), read on 2026-11-24, and the RFC named. */
const RANGES: readonly (readonly [cidr: string, why: string])[] = [
  ['0.0.0.0/8', 'this network, unspecified: RFC 791, 3.2'],
  ['10.0.0.0/8', 'private: RFC 1918'],
  ['100.64.0.0/10', 'shared by carriers (CGNAT): RFC 6598; holds the metadata service of Alibaba Cloud, 100.100.100.200'],
  ['127.0.0.0/8', 'loopback: RFC 1122, 3.2.1.3'],
  ['168.63.129.16/32', "Azure's platform service, inside every virtual machine: Azure's documentation"],
  ['169.254.0.0/16', 'link-local: RFC 3927; holds the metadata services of most clouds, 169.254.169.254'],
  ['172.16.0.0/12', 'private: RFC 1918'],
  ['192.0.0.0/24', 'protocol assignments: RFC 6890, 2.1; holds the metadata service of Oracle Cloud, 192.0.0.192'],
  ['192.0.2.0/24', 'documentation: RFC 5737'],
  ['192.88.99.0/24', '6to4 relays: RFC 7526'],
  ['192.168.0.0/16', 'private: RFC 1918'],
  ['198.18.0.0/15', 'benchmarking: RFC 2544'],
  ['198.51.100.0/24', 'documentation: RFC 5737'],
  ['203.0.113.0/24', 'documentation: RFC 5737'],
  ['224.0.0.0/4', 'multicast: RFC 5771'],
  ['240.0.0.0/4', 'reserved: RFC 1112, 4, and limited broadcast: RFC 8190'],
  ['::/128', 'unspecified: RFC 4291, 2.5.2'],
  ['::1/128', 'loopback: RFC 4291, 2.5.3'],
  ['64:ff9b::/96', 'NAT64, reaches any IPv4 address: RFC 6052'],
  ['64:ff9b:1::/48', 'local-use NAT64: RFC 8215'],
  ['100::/64', 'discard-only: RFC 6666'],
  ['2001::/23', 'protocol assignments: RFC 2928; Teredo 2001::/32: RFC 4380; benchmarking 2001:2::/48: RFC 5180; ORCHID: RFC 7343'],
  ['2001:db8::/32', 'documentation: RFC 3849'],
  ['2002::/16', '6to4, reaches any IPv4 address: RFC 3056'],
  ['3fff::/20', 'documentation: RFC 9637'],
  ['5f00::/16', 'SRv6 segment identifiers: RFC 9602'],
  ['fc00::/7', 'unique local: RFC 4193; holds the metadata service of AWS, fd00:ec2::254'],
  ['fe80::/10', 'link-local: RFC 4291, 2.5.6'],
  ['fec0::/10', 'site-local: RFC 3879'],
  ['ff00::/8', 'multicast: RFC 4291, 2.7'],
  // Global unicast is given out from 2000::/3 alone (RFC 4291, 2.4, and IANA's registry): what is left and right of it is reserved.
  ['::/3', 'reserved by the IETF: RFC 4291, 2.4'],
  ['4000::/2', 'reserved by the IETF: RFC 4291, 2.4'],
  ['8000::/1', 'reserved by the IETF: RFC 4291, 2.4'],
];

const NOT_PUBLIC = RANGES.map(([cidr]) => written(cidr));
const LOOPBACK = ['127.0.0.0/8', '::1'].map(written);

/** A range of this file. One with a slip in it would be a hole in the guard. */
function written(cidr: string): Cidr {
  const range = parseCidr(cidr);
  if (range === undefined) throw new Error(`cannot use the range ${cidr}: it is none`);
  return range;
}
