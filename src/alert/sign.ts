/**
 * Signatures of outgoing webhooks by Standard Webhooks 1.0 (https://www.standardwebhooks.com): the symmetric scheme v1,
 * HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`. Where secrets are kept, and for how long an old one still
 * signs beside a new one, is left to the endpoint's owner in the store.
 */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES = 24;

export interface Signed {
  /** The same over all attempts of one delivery. */
  id: string;
  /** Epoch seconds of this attempt: receivers refuse what is more than minutes old. */
  timestamp: number;
  body: string;
  /** Every secret that is active: during a rotation the old one and the new one. */
  secrets: readonly string[];
}

export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** @returns the value of `webhook-signature`: one `v1,<base64>` per secret, separated by spaces */
export function sign({ id, timestamp, body, secrets }: Signed): string {
  const content = `${id}.${String(timestamp)}.${body}`;
  return secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(content).digest('base64')}`).join(' ');
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  // An empty key would make a signature that anybody can make.
  if (!secret.startsWith(PREFIX) || key.length === 0) throw new Error(`cannot sign: a secret is ${PREFIX} and base64, and this one is not`);
  return key;
}
