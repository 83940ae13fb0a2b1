/**
 * Secrets and personal data of many shapes in the sentences and fields in which applications log them. Values come from a
 * seeded generator: the same every run, unlike anything that stands in a database by itself.
 */
export interface Planted {
  shape: string;
  /** A flat event, as `POST /v1/events` takes it. */
  event: Record<string, unknown>;
  /** None of these may be found anywhere afterwards. */
  needles: string[];
}

type Shape = (random: Random) => { secret: string; event: Record<string, unknown> };

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789`;
const HEX = '0123456789abcdef';

/** mulberry32: small, fast, and the same on every machine. */
class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  text(length: number, alphabet = ALNUM): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  }

  /** Letters, digits and at least one of each, as generated keys have them. */
  key(length: number): string {
    return `${this.text(length - 3)}${this.text(1, LOWER)}${this.text(1, '23456789')}${this.text(1, 'KLMN')}`;
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

function jwt(random: Random): string {
  const claims = { sub: random.text(10), exp: 1_790_000_000 + random.below(1e7), email: `${random.text(8, LOWER)}@x.example` };
  return `eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${random.key(60)}`;
}

const reason = (text: string): Record<string, unknown> => ({ body: text });

/** Known prefixes of vendors' keys, with the length of what follows. */
const VENDORS: readonly (readonly [prefix: string, length: number])[] = [
  ['sk_live_', 24],
  ['rk_test_', 24],
  ['ghp_', 36],
  ['github_pat_', 60],
  ['glpat-', 20],
  ['xoxb-', 40],
  ['AKIA', 16],
  ['AIza', 35],
  ['SG.', 40],
  ['npm_', 36],
  ['shpat_', 32],
  ['whsec_', 32],
  ['sk-ant-api03-', 60],
  ['sk-proj-', 48],
  ['hf_', 34],
  ['dop_v1_', 64],
  ['ya29.', 60],
  ['pypi-', 60],
  ['EAAC', 60],
  ['hvs.', 40],
];

export const SHAPES: Readonly<Record<string, Shape>> = {
  'JWT in a sentence': (random) => {
    const secret = jwt(random);
    return { secret, event: reason(`invalid token ${secret}: jwt expired`) };
  },
  'JWT in an exception': (random) => {
    const secret = jwt(random);
    return {
      secret,
      event: { exception_type: 'InvalidTokenError', attributes: { 'exception.message': `Token "${secret}" has been revoked` } },
    };
  },
  'opaque bearer token': (random) => {
    const secret = random.key(32);
    return { secret, event: reason(`Authorization: Bearer ${secret} was rejected`) };
  },
  'basic credentials': (random) => {
    const secret = Buffer.from(`${random.text(8, LOWER)}:${random.text(12)}`).toString('base64');
    return { secret, event: reason(`bad credentials: Basic ${secret}`) };
  },
  'Authorization header attribute': (random) => {
    const secret = random.key(40);
    return { secret, event: { body: 'Unauthorized', attributes: { 'http.request.header.authorization': [`Bearer ${secret}`] } } };
  },
  'Cookie header attribute': (random) => {
    const secret = random.key(32);
    return { secret, event: { body: 'session expired', attributes: { 'http.request.header.cookie': [`sid=${secret}; theme=dark`] } } };
  },
  'API key header attribute': (random) => {
    const secret = random.key(32);
    return { secret, event: { body: 'invalid api key', attributes: { 'http.request.header.x-api-key': [secret] } } };
  },
  "vendor's key": (random) => {
    const [prefix, length] = random.of(VENDORS);
    const secret = prefix + (prefix === 'AKIA' ? random.text(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567') : random.key(length));
    return { secret, event: reason(`Incorrect API key provided: ${secret}. You can find your key in the console.`) };
  },
  'AWS secret key': (random) => {
    const secret = random.key(40);
    return { secret, event: reason(`SignatureDoesNotMatch for aws_secret_access_key=${secret}`) };
  },
  'private key': (random) => {
    const secret = random.key(64);
    return {
      secret,
      event: reason(`cannot use -----BEGIN RSA PRIVATE KEY-----\n${secret}\n${random.key(64)}\n-----END RSA PRIVATE KEY-----`),
    };
  },
  'password behind =': (random) => {
    const secret = random.text(10);
    return { secret, event: reason(`login failed (user=bob password=${secret})`) };
  },
  'password behind colon': (random) => {
    const secret = random.text(12, LOWER);
    return { secret, event: reason(`login failed, password: ${secret}`) };
  },
  'password in JSON': (random) => {
    const secret = `${random.text(6)} ${random.text(6)}!`;
    return { secret, event: reason(JSON.stringify({ error: 'bad login', password: secret, message: 'wrong password' })) };
  },
  'user and password in a URL': (random) => {
    const secret = random.text(12);
    return { secret, event: reason(`cannot reach https://svc:${secret}@idp.example.com/token: 401`) };
  },
  'token in a query string': (random) => {
    const secret = random.key(24);
    return { secret, event: { body: 'token expired', attributes: { 'url.full': `https://api.example.com/files?access_token=${secret}` } } };
  },
  'secret in a path': (random) => {
    const secret = random.key(32);
    return { secret, event: { body: 'link expired', attributes: { 'url.path': `/reset/${secret}/confirm` } } };
  },
  'authorization code in a redirect': (random) => {
    const secret = random.key(40);
    return { secret, event: reason(`callback failed: https://app.example.com/cb?code=${secret}&state=${random.key(20)}`) };
  },
  'Set-Cookie line': (random) => {
    const secret = random.key(32);
    return { secret, event: reason(`refused with Set-Cookie: session=${secret}; Path=/; HttpOnly`) };
  },
  'e-mail address': (random) => {
    const secret = `${random.text(9, LOWER)}.${random.text(6, LOWER)}@${random.text(12, LOWER)}.test`;
    return { secret, event: reason(`account ${secret} is locked`) };
  },
  'IPv4 address': (random) => {
    const secret = `${String(100 + random.below(100))}.${String(random.below(250))}.${String(random.below(250))}.${String(100 + random.below(150))}`;
    return { secret, event: { client_ip: secret, body: `too many attempts from ${secret}` } };
  },
  'IPv6 address': (random) => {
    const secret = `2001:db8:${random.text(4, HEX)}:${random.text(4, HEX)}::${random.text(4, HEX)}`;
    return { secret, event: reason(`request from [${secret}]:443 refused`) };
  },
  UUID: (random) => {
    const secret = `${random.text(8, HEX)}-${random.text(4, HEX)}-4${random.text(3, HEX)}-a${random.text(3, HEX)}-${random.text(12, HEX)}`;
    return { secret, event: reason(`user ${secret} does not exist in the tenant`) };
  },
  'hex digest': (random) => {
    const secret = random.text(64, HEX);
    return { secret, event: reason(`signature mismatch: got ${secret}`) };
  },
  'base64 run': (random) => {
    const secret = Buffer.from(random.text(48)).toString('base64');
    return { secret, event: reason(`cannot decrypt ${secret}`) };
  },
  'credit card number': (random) => {
    const secret = `4${random.text(15, '0123456789')}`;
    return { secret, event: reason(`customer with card ${secret} is not allowed`) };
  },
  'quoted user name': (random) => {
    const secret = random.text(9, LOWER);
    return { secret, event: reason(`user "${secret}" was not found in "/etc/nginx/.htpasswd"`) };
  },
  'bare user name': (random) => {
    const secret = random.text(10, LOWER);
    return { secret, event: reason(`password authentication failed for user ${secret}`) };
  },
  'distinguished name': (random) => {
    const secret = `${random.text(7, LOWER)} ${random.text(8, LOWER)}`;
    return { secret, event: reason(`certificate CN=${secret},OU=people,O=Example is not trusted`) };
  },
  'Windows account': (random) => {
    const secret = random.text(9, LOWER);
    return { secret, event: reason(`Logon failure for CORP\\${secret}: unknown user name or bad password`) };
  },
  'user in a stack trace of JSON': (random) => {
    const secret = `${random.text(8, LOWER)}@${random.text(12, LOWER)}.test`;
    return {
      secret,
      event: reason(
        JSON.stringify({
          level: 'error',
          msg: 'auth failed',
          err: { message: `no such user ${secret}`, stack: `Error: no such user ${secret}\n    at x (/a.js:1:1)` },
        }),
      ),
    };
  },
  'digest response': (random) => {
    const secret = random.text(32, HEX);
    return { secret, event: reason(`Digest username="bob", realm="a", nonce="${random.text(32, HEX)}", uri="/", response="${secret}"`) };
  },
  'challenge that tells a token': (random) => {
    const secret = random.key(32);
    return {
      secret,
      event: { body: 'Unauthorized', www_authenticate: [`Bearer error="invalid_token", error_description="token ${secret} expired"`] },
    };
  },
  'error code that is a key': (random) => {
    const secret = random.key(32);
    return { secret, event: { body: 'refused', error_code: secret } };
  },
  'route that is filled in': (random) => {
    const secret = random.key(24);
    return { secret, event: { body: 'refused', route: `/invite/${secret}` } };
  },
  'session id in a sentence': (random) => {
    const secret = random.text(16);
    return { secret, event: reason(`session ${secret} expired`) };
  },
  'token of letters only': (random) => {
    const secret = random.text(24, LOWER);
    return { secret, event: reason(`invite ${secret} is not valid`) };
  },
  'key of capitals': (random) => {
    const secret = random.text(20, LOWER.toUpperCase());
    return { secret, event: reason(`unknown ticket: ${secret}`) };
  },
  'code in an answer that is a key': (random) => {
    const secret = random.text(20, LOWER);
    return { secret, event: reason(JSON.stringify({ code: secret })) };
  },
  'error of a challenge that is a key': (random) => {
    const secret = random.text(16);
    return { secret, event: { body: 'refused', www_authenticate: [`Bearer error="${secret}"`] } };
  },
  'exception type that is a key': (random) => {
    const secret = random.text(24);
    return { secret, event: { body: 'refused', exception_type: secret } };
  },
  'environment named by a key': (random) => {
    const secret = random.key(24);
    return { secret, event: { body: 'refused', environment: `preview-${secret}` } };
  },
  'path of letters only': (random) => {
    const secret = random.text(20, LOWER);
    return { secret, event: { body: 'refused', path: `/files/${secret}/download` } };
  },
  'hardware address': (random) => {
    const secret = Array.from({ length: 6 }, () => random.text(2, HEX)).join(':');
    return { secret, event: reason(`device ${secret} is not enrolled`) };
  },
  'quoted name': (random) => {
    const secret = random.text(10, LOWER);
    return { secret, event: reason(`no such entry "${secret}"`) };
  },
  'one-time password': (random) => {
    const secret = `4829${random.text(4, '0123456789')}`;
    return { secret, event: reason(JSON.stringify({ code: Number(secret), message: 'wrong' })) };
  },
  'connection string': (random) => {
    const secret = `${random.key(84)}==`;
    return {
      secret,
      event: reason(
        `AuthenticationFailed: DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${secret};EndpointSuffix=core.example`,
      ),
    };
  },
  'bot token': (random) => {
    const secret = `${random.text(9, '123456789')}:AA${random.key(33)}`;
    return { secret, event: reason(`bot ${secret} is not authorized`) };
  },
};

/** @returns `count` events, shapes taking turns */
export function plant(count: number, seed = 401): Planted[] {
  const random = new Random(seed);
  const shapes = Object.entries(SHAPES);
  return Array.from({ length: count }, (_, index) => {
    const [shape, make] = shapes[index % shapes.length] as [string, Shape];
    const { secret, event } = make(random);
    return { shape, event: { service: 'planted', status: 401, ...event }, needles: needlesOf(secret) };
  });
}

/** The whole of a short secret; of a long one its beginning, middle and end as well, because a part of it opens doors too. */
function needlesOf(secret: string): string[] {
  if (secret.length < 24) return [secret];
  const middle = Math.floor(secret.length / 2) - 5;
  // The beginning of a key may be its vendor's prefix, and of a JWT its algorithm: neither is secret.
  return [secret, secret.slice(middle, middle + 10), secret.slice(-10)];
}
