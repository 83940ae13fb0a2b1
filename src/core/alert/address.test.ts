import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BlockList } from 'node:net';
import { isAllowed, isLoopback, isPublicAddress, parseCidr, type Cidr } from './address.js';

const REFUSED: Record<string, string[]> = {
  'this network': ['0.0.0.0', '0.255.255.255', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1'],
  private: ['10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  CGNAT: ['100.64.0.0', '100.127.255.255', '100.100.100.200'],
  'link-local': ['169.254.0.1', 'fe80::1', 'febf::ffff'],
  'cloud metadata': ['169.254.169.254', 'fd00:ec2::254', '192.0.0.192', '168.63.129.16'],
  documentation: ['192.0.2.1', '198.51.100.255', '203.0.113.0', '2001:db8::1', '3fff:fff::1'],
  benchmarking: ['198.18.0.1', '198.19.255.255', '2001:2::1'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  reserved: ['240.0.0.1', '255.255.255.255', '4000::1', '9000::1', '1000::1', 'e000::1'],
  'IPv4-mapped': ['::ffff:127.0.0.1', '::ffff:7f00:1', '::FFFF:10.0.0.1', '0:0:0:0:0:ffff:169.254.169.254'],
  'IPv4-compatible': ['::127.0.0.1', '::7f00:1', '::10.1.2.3'],
  'IPv4-translated': ['::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'],
  NAT64: ['64:ff9b::127.0.0.1', '64:ff9b::808:808', '64:ff9b:1::1', '64:ff9b:1:ffff::1'],
  '6to4': ['2002:7f00:1::', '2002:808:808::1', '192.88.99.1'],
  Teredo: ['2001::1', '2001:0:53aa:64c::1'],
  'ORCHID and other assignments': ['2001:10::1', '2001:20::1', '2001:1ff::1'],
  'discard-only': ['100::1'],
  'unique and site local': ['fc00::1', 'fdff:ffff::1', 'fec0::1'],
  'no address': [
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '0x7f.1',
    '2130706433',
    '256.1.1.1',
    '1.2.3.4 ',
    ' 8.8.8.8',
    '8.8.8.8/8',
  ],
  'no IPv6 address': [':', ':::', '1::2::3', '2606:4700::1%eth0', '[2606:4700::1]', '1:2:3:4:5:6:7', '2606:4700:1:2:3:4:5:6:7', '2606::g'],
  'no IPv6 address at its end': [
    '2606:4700::1:',
    '2606:4700:1:2:3:4:5:6::',
    '2606::1.2.3.4:1',
    '2606::1.2.3.456',
    '2606::12345',
    ':2606::1',
  ],
};

const PUBLIC = [
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.1', '192.167.255.255', '192.169.0.0', '198.17.255.255'],
  ...['198.20.0.0', '223.255.255.255', '168.63.129.15', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '2001:200::1', '2003::1'],
  ...['::ffff:8.8.8.8', '::ffff:808:808', '::8.8.8.8', '2400:cb00::1', '3ffe:ffff::1', '2001:DB9::1'],
];

describe('the address guard', () => {
  it.each(Object.entries(REFUSED))('refuses %s', (_kind, addresses) => {
    expect(addresses.filter((address) => isPublicAddress(address))).toEqual([]);
  });

  it('accepts public addresses, up to the edges of the refused ranges', () => {
    expect(PUBLIC.filter((address) => !isPublicAddress(address))).toEqual([]);
  });

  it('refuses whatever is outside 2000::/3 and holds no IPv4 address', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const first = fc.oneof(fc.integer({ min: 0, max: 0x1fff }), fc.integer({ min: 0x4000, max: 0xffff }));
    const second = fc.integer({ min: 1, max: 0xffff });
    fc.assert(
      fc.property(first, second, fc.array(group, { minLength: 6, maxLength: 6 }), (...[one, two, rest]) => {
        expect(isPublicAddress([one, two, ...rest].map((part) => part.toString(16)).join(':'))).toBe(false);
      }),
    );
  });

  it('knows loopback in each of its forms', () => {
    expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', '::127.0.0.1'].filter((address) => !isLoopback(address))).toEqual([]);
    expect(['128.0.0.1', '::2', '10.0.0.1', 'localhost'].filter(isLoopback)).toEqual([]);
  });
});

function cidrs(...texts: string[]): Cidr[] {
  return texts.map((text) => {
    const range = parseCidr(text);
    if (range === undefined) throw new Error(`${text} was not read`);
    return range;
  });
}

describe('ranges that were opened', () => {
  it('hold their addresses and no others', () => {
    const allowed = cidrs('10.1.0.0/16', 'fd12::/16', '192.168.7.9', '::1');
    expect(
      ['10.1.0.0', '10.1.255.255', 'fd12::1', '192.168.7.9', '::ffff:10.1.2.3', '::1'].filter((it) => !isAllowed(it, allowed)),
    ).toEqual([]);
    expect(
      ['10.2.0.0', '10.0.255.255', 'fd13::1', '192.168.7.10', '::2', '8.8.8.8', '', 'fd12::1%lo'].filter((it) => isAllowed(it, allowed)),
    ).toEqual([]);
    expect(isAllowed('10.1.0.0', [])).toBe(false);
  });

  it('may be everything, of one family', () => {
    expect(isAllowed('127.0.0.1', cidrs('0.0.0.0/0'))).toBe(true);
    expect(isAllowed('fd00::1', cidrs('0.0.0.0/0'))).toBe(false);
    expect(isAllowed('fd00::1', cidrs('::/0'))).toBe(true);
  });

  it('are the IPv4 range where they are written as mapped ones', () => {
    expect(parseCidr('::ffff:10.0.0.0/104')).toEqual(parseCidr('10.0.0.0/8'));
    expect(parseCidr('::ffff:10.0.0.0/90')).toBeUndefined();
  });

  it('are refused when they are no ranges, or have bits behind the prefix', () => {
    const wrong = [
      '',
      '/',
      '/8',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
      '10.0.0.0/8 ',
      'fd00::/129',
      'x/8',
    ];
    expect([...wrong, '10.0.0.1/8', 'fd00::1/8', '10.0.0.0/1e1', '10/8'].filter((text) => parseCidr(text) !== undefined)).toEqual([]);
  });

  it("hold what Node's own BlockList holds", () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), (base, prefix, address) => {
        const number = base.split('.').reduce((value, part) => value * 256 + Number(part), 0);
        const cut = number - (number % 2 ** (32 - prefix));
        const start = [24, 16, 8, 0].map((shift) => Math.floor(cut / 2 ** shift) % 256).join('.');
        const range = `${start}/${String(prefix)}`;
        const node = new BlockList();
        node.addSubnet(start, prefix);
        expect(isAllowed(address, cidrs(range))).toBe(node.check(address));
        expect(isAllowed(base, cidrs(range))).toBe(true);
      }),
    );
  });

  it('hold the same address in every way it may be written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const node = new BlockList();
        node.addAddress(address, 'ipv6');
        const range = parseCidr(address);
        expect(range).toBeDefined();
        const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
        expect(isAllowed(canonical, cidrs(address))).toBe(true);
        expect(isPublicAddress(canonical)).toBe(isPublicAddress(address));
      }),
    );
  });
});
