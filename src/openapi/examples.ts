/** What is sent and what is answered, for the OpenAPI document: answers of the service, shortened. */

const EVENT = { service: 'checkout', environment: 'prod', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };
const RULE_INPUT = {
  cause: 'expired_token',
  match: { template: '(?i)session is over', service: '^checkout$' },
  note: 'What checkout says of tokens that are too old.',
};
const ALERT_RULE_INPUT = {
  name: 'Checkout refuses many',
  settings: { type: 'threshold', count: 100, window: '5m', filter: { service: ['checkout'] } },
};
const ENDPOINT_INPUT = { name: 'On call', url: 'https://hooks.example.com/why401', format: 'standard' };

const SPAN = { from: '2026-11-23T22:00:20.000Z', to: '2026-11-24T22:00:30.000Z' };
const SIGNATURE = {
  id: 'ff67d70e8beaace2',
  service: 'checkout',
  environment: 'prod',
  route: '/orders/{id}',
  method: 'GET',
  status: 401,
  scheme: '',
  challenge: 'Bearer error="invalid_token", error_description="jwt expired"',
  error_code: 'invalid_token',
  template: 'jwt expired',
  cause: 'expired_token',
  fault: 'client',
  confidence: 0.94,
  evidence: [
    { rule: 'node-jsonwebtoken: jwt expired', field: 'template', matched: 'jwt expired' },
    { rule: 'text.expired', field: 'template', matched: 'jwt expired' },
  ],
  also: ['invalid_token'],
  rule_set_version: 3,
  findings: [],
  observable: ['challenge_missing', 'challenge_malformed'],
  taught_cause: null,
  first_seen: '2026-11-23T19:59:22.439Z',
  last_seen: '2026-11-24T22:00:22.439Z',
  returned_at: null,
  quiet_seconds: null,
  last_trace_id: '5b8efff798038103d269b633813fc60c',
  count: 1559,
};
const KEY = {
  id: '4hQ7c2mZbX1d',
  project: 'default',
  name: 'checkout',
  scopes: ['ingest'],
  created_at: '2026-11-24T22:00:28.467Z',
  expires_at: '2099-01-01T00:00:00.000Z',
  last_used_at: '2026-11-24T22:10:31.204Z',
  revoked_at: null,
};
const PROJECT = { id: 1, name: 'default', created_at: '2026-11-24T22:00:20.117Z' };
const SESSION = { keys_asked: true, project: 'default', scopes: ['read'] };
const RULE = {
  id: '07f5b942-dec4-483f-a3ae-cfe96b5f0caa',
  cause: 'expired_token',
  match: { service: '^checkout$', template: '(?i)session is over' },
  note: 'What checkout says of tokens that are too old.',
  created_at: '2026-11-24T22:00:28.467Z',
  updated_at: '2026-11-24T22:00:28.467Z',
  problem: null,
};
const ALERT_RULE = {
  id: '1144a001-c96e-4eaa-89f7-911aedb147b0',
  name: 'Checkout refuses many',
  is_enabled: true,
  settings: {
    for: '0s',
    type: 'threshold',
    count: 100,
    filter: { service: ['checkout'] },
    labels: {},
    window: '5m',
    group_by: ['service', 'cause'],
    severity: 'error',
    endpoints: null,
    min_count: 0,
    min_clients: 0,
    resolve_after: '10m',
    evaluation_delay: '1m',
  },
  problem: null,
  created_at: '2026-11-24T22:00:28.707Z',
  updated_at: '2026-11-24T22:00:28.707Z',
};
const ALERT = {
  id: '8340849f-4bda-451c-b98d-4b81419e55de',
  rule: { id: '5f0c3a52-0d8e-4a55-9c0e-401000000001', name: 'A cause spikes in a service', type: 'spike' },
  status: 'firing',
  severity: 'error',
  reason: '120 in 1 min where 0.5 were expected',
  group: { service: 'checkout', cause: 'expired_token' },
  started_at: '2026-11-24T22:00:27.210Z',
  fired_at: '2026-11-24T22:00:27.210Z',
  resolved_at: null,
  notified_at: '2026-11-24T22:00:27.210Z',
  acknowledged_at: null,
  acknowledged_note: null,
  peak: 120,
  score: 108.7,
  total: 120,
  expected: 0.4533,
  observed: 120,
  window_seconds: 60,
  details: {
    advice: {
      client: [
        'The token had expired minutes before: the client keeps it without looking at exp.',
        'Refresh the token shortly before exp, and once more when a 401 says invalid_token; then retry the request once.',
      ],
      server: [
        'Say error="invalid_token", error_description="The access token expired" in the challenge (RFC 6750, 3.1), so that clients know to refresh.',
        'Allow a leeway of some seconds on exp (RFC 7519, 4.1.4).',
      ],
    },
    samples: [
      {
        time: '2026-11-24T22:00:22.439Z',
        route: '/orders/{id}',
        method: 'GET',
        status: 401,
        service: 'checkout',
        template: 'jwt expired',
        trace_id: '5b8efff798038103d269b633813fc60c',
      },
    ],
    summary: 'Expired token in checkout: 120 in 1 min where 0.5 were expected; mostly version 1.5.0',
    findings: [],
    what_changed: [{ lift: null, value: '1.5.0', explains: 0.984, dimension: 'version', share_now: 0.968, share_before: 0 }],
    distinct_clients: 119,
  },
};
const ACKNOWLEDGED = { ...ALERT, acknowledged_at: '2026-11-24T22:00:29.023Z', acknowledged_note: 'Looking at it.' };
const ENDPOINT = {
  id: 'e50a6f2d-6568-47cd-8205-b824ff440786',
  name: 'On call',
  url: 'https://hooks.example.com/why401',
  format: 'standard',
  has_routing_key: false,
  sends_resolved: true,
  disabled_reason: null,
  created_at: '2026-11-24T22:00:28.576Z',
  updated_at: '2026-11-24T22:00:28.576Z',
};
const NEW_ENDPOINT = { ...ENDPOINT, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const DELIVERY = {
  id: 'd0e75f09-107f-4a93-b9da-b83148852e1e',
  webhook_id: 'msg_d0e75f09-107f-4a93-b9da-b83148852e1e',
  alert_id: null,
  transition: 'test',
  status: 'waiting',
  attempts: [],
  next_attempt_at: '2026-11-24T22:00:28.656Z',
  created_at: '2026-11-24T22:00:28.656Z',
  finished_at: null,
};
const SILENCE = {
  id: '0d04021e-58ef-4ac1-a0cd-74465bf24857',
  matchers: { service: 'checkout' },
  note: 'Load test',
  starts_at: '2026-11-24T22:00:29.076Z',
  ends_at: '2099-01-01T00:00:00.000Z',
  created_at: '2026-11-24T22:00:29.076Z',
};
const CAUSE = {
  id: 'expired_token',
  fault: 'client',
  title: 'Expired token',
  meaning: 'The access or ID token is past its expiry time (exp).',
  advice: {
    client: [
      'Refresh the token shortly before exp, and once more when a 401 says invalid_token; then retry the request once.',
      'If it expires at once, compare the clocks and how long the token was kept in a cache.',
    ],
    server: [
      'Say error="invalid_token", error_description="The access token expired" in the challenge (RFC 6750, 3.1), so that clients know to refresh.',
      'Allow a leeway of some seconds on exp (RFC 7519, 4.1.4).',
    ],
  },
  count: 1562,
  share: 0.999360204734485,
};

interface Example {
  body?: unknown;
  answer?: unknown;
  /** Where an error is no problem document. */
  error?: unknown;
}

/** By operation. */
export const EXAMPLES: Record<string, Example> = {
  isAlive: { answer: { status: 'ok' } },
  isReady: {
    answer: {
      status: 'ok',
      parts: {
        database: { status: 'ok' },
        queue: { status: 'ok' },
        durability: { status: 'ok' },
        intake: { status: 'ok' },
        verdicts: { status: 'ok' },
        alerts: { status: 'ok' },
      },
    },
    error: { status: 'down', parts: { database: { status: 'down', detail: 'does not answer within 2 s' }, intake: { status: 'ok' } } },
  },
  sendEvents: { body: EVENT, answer: { accepted: 1, ignored: 0, rejected: [] } },
  exportLogs: {
    body: {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  body: { stringValue: 'jwt expired' },
                  attributes: [
                    { key: 'http.response.status_code', value: { intValue: '401' } },
                    { key: 'http.route', value: { stringValue: '/orders/{id}' } },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
    answer: {},
    error: { code: 3, message: 'the body is no OTLP logs request: unexpected end of the body' },
  },
  classify: {
    body: { ...EVENT, www_authenticate: 'Bearer error="invalid_token", error_description="jwt expired"' },
    answer: {
      results: [
        {
          cause: 'expired_token',
          fault: 'client',
          confidence: 0.9,
          evidence: [
            { field: 'template', matched: 'jwt expired', rule: 'node-jsonwebtoken: jwt expired' },
            { field: 'template', matched: 'jwt expired', rule: 'text.expired' },
          ],
          also: [],
          findings: [],
          template: 'jwt expired',
          advice: {
            user: ['Sign out and in again.'],
            client: [
              'Refresh the token shortly before exp, and once more when a 401 says invalid_token; then retry the request once.',
              'If it expires at once, compare the clocks and how long the token was kept in a cache.',
            ],
            server: [
              'Say error="invalid_token", error_description="The access token expired" in the challenge (RFC 6750, 3.1), so that clients know to refresh.',
              'Allow a leeway of some seconds on exp (RFC 7519, 4.1.4).',
            ],
          },
        },
      ],
    },
  },
  getTrends: {
    answer: {
      ...{
        from: '2026-11-23T22:00:00.000Z',
        to: '2026-11-24T22:05:00.000Z',
        step_seconds: 300,
        unit: 'count',
        by: ['cause'],
        series: [
          {
            key: { cause: 'expired_token' },
            total: 1562,
            points: [
              [1795557000000, 5],
              [1795557300000, 4],
              [1795557600000, 123],
            ],
          },
        ],
        total: 1563,
        truncated: false,
      },
    },
  },
  getTop: {
    answer: {
      from: '2026-11-23T22:00:20.000Z',
      to: '2026-11-24T22:00:30.000Z',
      by: ['cause'],
      rows: [
        {
          key: { cause: 'expired_token' },
          count: 1562,
          share: 0.9994,
          previous_count: 121,
          change: 11.91,
          distinct_clients: 119,
          distinct_users: 120,
        },
        {
          key: { cause: 'insufficient_scope' },
          count: 1,
          share: 0.0006398,
          previous_count: 0,
          change: null,
          distinct_clients: null,
          distinct_users: null,
        },
      ],
      total: 1563,
      truncated: false,
    },
  },
  compareSpans: {
    answer: {
      from: '2026-11-23T22:00:20.000Z',
      to: '2026-11-24T22:00:30.000Z',
      baseline: { from: '2026-11-22T22:00:10.000Z', to: '2026-11-23T22:00:20.000Z' },
      by: ['cause'],
      rows: [
        { key: { cause: 'expired_token' }, count: 1562, expected: 121, change: 11.91, share_now: 0.9994, share_before: 1 },
        { key: { cause: 'insufficient_scope' }, count: 1, expected: 0, change: null, share_now: 0.0006398, share_before: 0 },
      ],
      total: 1563,
      baseline_total: 121,
      truncated: false,
    },
  },
  explainChange: {
    answer: {
      from: '2026-11-24T21:45:20.000Z',
      to: '2026-11-24T22:00:30.000Z',
      baseline: [
        { from: '2026-11-24T18:30:10.000Z', to: '2026-11-24T21:30:10.000Z' },
        { from: '2026-11-23T20:45:20.000Z', to: '2026-11-23T23:00:30.000Z' },
      ],
      count: 134,
      expected: 22.9,
      changes: [
        {
          values: [{ dimension: 'key_id', value: 'key-2' }],
          ...{ count: 116, expected: 0, share_now: 0.866, share_before: 0, lift: null, explains: 1.04 },
        },
      ],
    },
  },
  getAbout: {
    answer: { version: '0.1.0', trace_url: 'https://jaeger.example.com/trace/{trace_id}', otlp_http_port: 4318, otlp_grpc_port: 4317 },
  },
  listSignatures: { answer: { ...SPAN, signatures: [SIGNATURE], next_cursor: null } },
  getSignature: {
    answer: {
      ...SIGNATURE,
      ...{
        token_times: {
          observed: 1680,
          in_time: 0,
          expired_by: { count: 1680, p05_seconds: 621.6, p50_seconds: 621.6, p95_seconds: 621.6 },
          not_valid_for: null,
        },
        advice: {
          user: ['Sign out and in again.'],
          client: [
            'The token had expired minutes before: the client keeps it without looking at exp.',
            'Refresh the token shortly before exp, and once more when a 401 says invalid_token; then retry the request once.',
          ],
          server: [
            'Say error="invalid_token", error_description="The access token expired" in the challenge (RFC 6750, 3.1), so that clients know to refresh.',
            'Allow a leeway of some seconds on exp (RFC 7519, 4.1.4).',
          ],
        },
        facets: [
          {
            facet: 'version',
            values: [
              { value: '1.4.2', count: 1439, share: 0.923 },
              { value: '1.5.0', count: 120, share: 0.07697 },
            ],
          },
          { facet: 'client_network', values: [{ value: '203.0.113.0/24', count: 1559, share: 1 }] },
        ],
      },
    },
  },
  listSamples: {
    answer: {
      from: '2026-11-23T22:00:28.000Z',
      to: '2026-11-24T22:00:29.000Z',
      samples: [
        {
          signature: 'ff67d70e8beaace2',
          time: '2026-11-24T22:00:22.439Z',
          service: 'checkout',
          environment: 'prod',
          route: '/orders/{id}',
          method: 'GET',
          status: 401,
          cause: 'expired_token',
          error_code: 'invalid_token',
          challenge: 'Bearer error="invalid_token", error_description="jwt expired"',
          template: 'jwt expired',
          trace_id: '5b8efff798038103d269b633813fc60c',
        },
      ],
      next_cursor: null,
    },
  },
  listFacets: {
    answer: {
      from: '2026-11-23T22:00:20.000Z',
      to: '2026-11-24T22:00:30.000Z',
      facets: [
        {
          facet: 'version',
          values: [
            { value: '1.4.2', count: 1439, share: 0.923 },
            { value: '1.5.0', count: 120, share: 0.07697 },
          ],
        },
        { facet: 'client_network', values: [{ value: '203.0.113.0/24', count: 1559, share: 1 }] },
        { facet: 'user_agent', values: [{ value: 'shop-android', count: 1559, share: 1 }] },
      ],
    },
  },
  listCauses: { answer: { ...SPAN, causes: [CAUSE], total: 1563 } },
  getCause: { answer: CAUSE },
  listFindings: {
    answer: {
      from: '2026-11-23T22:00:20.000Z',
      to: '2026-11-24T22:00:30.000Z',
      findings: [
        {
          id: 'challenge_missing',
          severity: 'high',
          reference: 'RFC 9110 15.5.2',
          fix: 'Send WWW-Authenticate with every 401, naming the scheme that the route takes: clients cannot know otherwise how to go on.',
          count: 0,
          observable: 1559,
          signatures: 0,
          places: [],
        },
      ],
    },
  },
  listDimensionValues: { answer: { name: 'service', values: [{ value: 'checkout', count: 1563 }], truncated: false } },
  teachCause: { body: { cause: 'session_expired' } },
  listRules: { answer: { rules: [RULE], revision: 1, rejudging: 0 } },
  addRule: { body: RULE_INPUT, answer: RULE },
  getRule: { answer: RULE },
  changeRule: { body: RULE_INPUT, answer: RULE },
  previewRule: {
    answer: {
      from: '2026-11-17T22:00:00.000Z',
      to: '2026-11-24T22:01:00.000Z',
      matched: { signatures: 0, count: 0 },
      changed: { signatures: 0, count: 0 },
      by_cause: [],
      examples: [],
    },
  },
  listAlertRules: { answer: { rules: [ALERT_RULE] } },
  addAlertRule: { body: ALERT_RULE_INPUT, answer: ALERT_RULE },
  getAlertRule: { answer: ALERT_RULE },
  changeAlertRule: { body: ALERT_RULE_INPUT, answer: ALERT_RULE },
  previewAlertRule: {
    body: { settings: ALERT_RULE_INPUT.settings, from: '-1d' },
    answer: {
      from: '2026-11-23T22:00:00.000Z',
      to: '2026-11-24T22:01:00.000Z',
      is_cut: false,
      groups: 3,
      alerts: [
        {
          group: { service: 'checkout', cause: 'session_expired' },
          started_at: '2026-11-24T22:00:30.000Z',
          resolved_at: null,
          observed: 123,
          expected: null,
          score: 1.23,
          peak: 123,
          reason: '123 in 5 min, 100 or more',
        },
      ],
    },
  },
  listAlerts: { answer: { alerts: [ALERT], next_cursor: null } },
  getAlert: { answer: ALERT },
  acknowledgeAlert: { body: { note: 'Looking at it.' }, answer: ACKNOWLEDGED },
  acceptAlertAsNormal: { answer: ACKNOWLEDGED },
  getAlertSchema: {
    answer: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: '/schemas/alert.json',
      title: 'An alert of why401',
      type: 'object',
      required: ['type', 'timestamp', 'data'],
    },
  },
  listEndpoints: { answer: { endpoints: [ENDPOINT] } },
  addEndpoint: { body: ENDPOINT_INPUT, answer: NEW_ENDPOINT },
  getEndpoint: { answer: ENDPOINT },
  changeEndpoint: { body: ENDPOINT_INPUT, answer: ENDPOINT },
  rotateEndpointSecret: { answer: NEW_ENDPOINT },
  testEndpoint: { answer: DELIVERY },
  listDeliveries: { answer: { deliveries: [DELIVERY] } },
  redeliver: { answer: DELIVERY },
  listSilences: { answer: { silences: [SILENCE] } },
  addSilence: { body: { matchers: { service: 'checkout' }, ends_at: '2099-01-01T00:00:00Z', note: 'Load test' }, answer: SILENCE },
  listKeys: { answer: { keys: [KEY] } },
  addKey: {
    body: { name: 'checkout', scopes: ['ingest'], expires_at: '2099-01-01T00:00:00.000Z' },
    answer: { ...KEY, last_used_at: null, key: 'w401_4hQ7c2mZbX1d_<43 letters and digits>' },
  },
  listProjects: { answer: { projects: [PROJECT] } },
  addProject: { body: { name: 'shop' }, answer: { ...PROJECT, id: 2, name: 'shop' } },
  getSession: { answer: SESSION },
  signIn: { body: { key: 'w401_4hQ7c2mZbX1d_<43 letters and digits>' }, answer: SESSION },
  listFailedBatches: {
    answer: {
      total: 1,
      batches: [
        {
          id: '6b1f0a52-3c1d-4f7e-9a52-0c9c1f6f2a11',
          failed_at: '2026-11-24T22:00:22.982Z',
          attempts: 1,
          reason: 'cannot read the batch: ✖ Invalid input: expected 3 → at version',
        },
      ],
    },
  },
};

/** The same as tables, by operation. */
export const CSV: Record<string, string> = {
  getTrends: 'time,cause,count\r\n2026-11-23T22:00:00.000Z,expired_token,5\r\n2026-11-23T22:05:00.000Z,expired_token,5\r\n',
  getTop:
    'cause,count,share,previous_count,change,distinct_clients,distinct_users\r\nexpired_token,1562,0.999360204734485,121,11.909090909090908,119,120\r\ninsufficient_scope,1,0.0006397952655150352,0,,,\r\n',
  compareSpans:
    'cause,count,expected,change,share_now,share_before\r\nexpired_token,1562,121,11.909090909090908,0.999360204734485,1\r\ninsufficient_scope,1,0,,0.0006397952655150352,0\r\n',
  listDimensionValues: 'value,count\r\ncheckout,1563\r\n',
  listSignatures:
    'id,service,environment,route,method,status,scheme,challenge,error_code,template,cause,fault,confidence,rule_set_version,taught_cause,first_seen,last_seen,last_trace_id,count,findings,observable,evidence,also\r\nff67d70e8beaace2,checkout,prod,/orders/{id},GET,401,,"Bearer error=""invalid_token"", error_description=""jwt expired""",invalid_token,jwt expired,expired_token,client,0.94,3,,2026-11-23T19:59:22.439Z,2026-11-24T22:00:22.439Z,5b8efff798038103d269b633813fc60c,1559,,challenge_missing challenge_malformed challenge_incomplete authorization_as_401 proxy_status_from_origin leaky_message credential_logged,node-jsonwebtoken: jwt expired text.expired token.timing,invalid_token\r\n',
};

/** By media type. */
export const TEXTS: Record<string, string> = {
  'application/x-ndjson': `${JSON.stringify(EVENT)}\n${JSON.stringify({ ...EVENT, status: 403, reason: 'insufficient scope' })}\n`,
  'text/event-stream':
    'event: counts\ndata: {"at":1795549578972,"total":1,"series":[{"key":{"service":"checkout","cause":"expired_token"},"count":1}]}\n\n',
  'text/plain': '# TYPE why401_records_accepted_total counter\nwhy401_records_accepted_total{door="events"} 1680\n',
};
