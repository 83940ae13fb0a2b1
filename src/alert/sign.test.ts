import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newSecret, sign } from './sign.js';

const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
const body = '{"type":"alert.firing","data":{"summary":"größer – ✓"}}';

/** As a receiver does it, with the specification's own package. */
function verify(secret: string, received: string, signature: string, timestamp: number): unknown {
  return new Webhook(secret).verify(received, {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  });
}

describe('signatures', () => {
  const timestamp = Math.floor(Date.now() / 1_000);

  it('are the ones of the specification', () => {
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}', secrets };
    expect(sign(example)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('are verified by the public package', () => {
    const secret = newSecret();
    expect(verify(secret, body, sign({ id, timestamp, body, secrets: [secret] }), timestamp)).toEqual(JSON.parse(body));
  });

  it('are made with both secrets during a rotation, and either verifies', () => {
    const [old, fresh, stranger] = [newSecret(), newSecret(), newSecret()];
    const signature = sign({ id, timestamp, body, secrets: [fresh, old] });
    expect(signature.split(' ')).toHaveLength(2);
    expect(verify(old, body, signature, timestamp)).toEqual(JSON.parse(body));
    expect(verify(fresh, body, signature, timestamp)).toEqual(JSON.parse(body));
    expect(() => verify(stranger, body, signature, timestamp)).toThrow('No matching signature');
  });

  it('do not fit a changed body, id or time', () => {
    const secret = newSecret();
    const signature = sign({ id, timestamp, body, secrets: [secret] });
    expect(() => verify(secret, body.replace('firing', 'resolved'), signature, timestamp)).toThrow('No matching signature');
    expect(() => verify(secret, body, signature, timestamp + 1)).toThrow('No matching signature');
    expect(() => verify(secret, body, sign({ id: 'msg_other', timestamp, body, secrets: [secret] }), timestamp)).toThrow('No matching');
  });

  it('are never made with an empty or a foreign key', () => {
    for (const secret of ['', 'whsec_', 'whsec_!!', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']) {
      expect(() => sign({ id, timestamp, body, secrets: [secret] })).toThrow('cannot sign');
    }
  });
});

describe('a new secret', () => {
  it('has 24 random bytes behind the prefix, and is never the same', () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
      expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(24);
    }
  });
});
