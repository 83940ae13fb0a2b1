import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { firing, resolved, testing } from '../../../test/support/alert-messages.js';
import { encodeMessage } from './message.js';
import { ALERT_SCHEMA } from './message-schema.js';
import type { AlertMessage } from './payload.js';

const options = { receiver: 'ops', externalUrl: 'https://why401.example', routingKey: '' };

function sent(message: AlertMessage): Record<string, unknown> & { data: Record<string, unknown> } {
  return JSON.parse(encodeMessage(message, 'standard', options)) as ReturnType<typeof sent>;
}

describe('the published schema', () => {
  let validate: ValidateFunction;

  beforeAll(() => {
    const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
    ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/);
    ajv.addFormat('uri', (text) => URL.canParse(text));
    validate = ajv.compile(ALERT_SCHEMA);
  });

  function errorsOf(value: unknown): unknown {
    return validate(value) ? [] : validate.errors?.map(({ instancePath, message }) => `${instancePath} ${String(message)}`);
  }

  it('holds for every kind of message, the cut ones too', () => {
    const change = { dimension: 'route', value: 'x'.repeat(400), share_before: 0, share_now: 1, lift: null, explains: 1.2 };
    const cut = { what_changed: Array.from({ length: 60 }, () => change), advice: { client: Array<string>(90).fill('x'), server: [] } };
    const bare = {
      expected: null,
      factor: null,
      score: null,
      distinct_clients: null,
      samples: [],
      findings: [],
      what_changed: [],
      group: {},
    };
    for (const message of [firing(), resolved(), testing(), firing(cut), resolved(cut), firing(bare)])
      expect(errorsOf(sent(message))).toEqual([]);
    expect(sent(firing(cut)).data).toHaveProperty('omitted');
  });

  it('fails where any member of the message or of its data is missing', () => {
    for (const message of [firing(), resolved()]) {
      for (const name of Object.keys(sent(message).data)) {
        const { data, ...rest } = sent(message);
        const { [name]: _item, ...others } = data;
        expect(errorsOf({ ...rest, data: others })).toContain(`/data must have required property '${name}'`);
      }
    }
    expect(errorsOf({ ...sent(firing()), type: 'alert.closed' })).not.toEqual([]);
    expect(errorsOf({ ...sent(firing()), timestamp: 'today' })).not.toEqual([]);
  });

  it.each([
    ['severity', 'high'],
    ['started_at', 1_790_000_000],
    ['window', '5 minutes'],
    ['observed', '120'],
    ['what_changed', [{}]],
    ['samples', Array(6).fill(firing().data.samples[0])],
    ['links', { dashboard: '/', explain: '/', signatures: '/' }],
    ['group', { service: 1 }],
    ['omitted', { samples: 0 }],
  ])('fails where %s is wrong', (name, value) => {
    const message = sent(firing());
    expect(errorsOf({ ...message, data: { ...message.data, [name]: value } })).not.toEqual([]);
  });

  it('lets members be added', () => {
    const message = sent(firing());
    expect(errorsOf({ ...message, more: 1, data: { ...message.data, more: 1 } })).toEqual([]);
  });
});
