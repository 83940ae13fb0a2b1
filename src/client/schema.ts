/** The REST API as types, made from the OpenAPI document by `npm run client`; not written by hand. */
export interface paths {
  '/health/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process answers */
    get: operations['isAlive'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/health/ready': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether every part works, part by part; 503 while one is down */
    get: operations['isReady'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Figures of the service in Prometheus text format */
    get: operations['getMetrics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/schemas/alert.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The JSON Schema of what webhooks carry in the standard format */
    get: operations['getAlertSchema'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/about': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Version, the ports for exporters, and where traces are found */
    get: operations['getAbout'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alert-rules': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The alert rules, oldest first */
    get: operations['listAlertRules'];
    put?: never;
    /** Add an alert rule; it starts from what was counted before */
    post: operations['addAlertRule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alert-rules/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One alert rule */
    get: operations['getAlertRule'];
    /** Change an alert rule */
    put: operations['changeAlertRule'];
    post?: never;
    /** Delete an alert rule; its open alerts are over */
    delete: operations['deleteAlertRule'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alert-rules/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** When a rule would have fired, by what was counted */
    post: operations['previewAlertRule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alerts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Alerts, newest first */
    get: operations['listAlerts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alerts/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One alert */
    get: operations['getAlert'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alerts/{id}/ack': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say that somebody is at it; the alert goes on */
    post: operations['acknowledgeAlert'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/alerts/{id}/normal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say that this is normal: it is over, and what is counted now is expected from now on */
    post: operations['acceptAlertAsNormal'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/causes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The catalogue of causes with advice, and counts in the span */
    get: operations['listCauses'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/causes/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One cause of the catalogue */
    get: operations['getCause'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/classify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Judge events without storing them: cause, evidence, findings and advice, one result per event in order */
    post: operations['classify'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/compare': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Two spans side by side by any dimensions; the largest difference first */
    get: operations['compareSpans'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/deliveries/{id}/redeliver': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send it once more, whatever became of it */
    post: operations['redeliver'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/dimensions/{name}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Values of a dimension that were seen in the span, most frequent first */
    get: operations['listDimensionValues'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Where alerts are sent */
    get: operations['listEndpoints'];
    put?: never;
    /** Add an endpoint; the answer has its secret, this once */
    post: operations['addEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/endpoints/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One endpoint */
    get: operations['getEndpoint'];
    /** Change an endpoint; one that was disabled is on again */
    put: operations['changeEndpoint'];
    post?: never;
    /** Delete an endpoint with its deliveries */
    delete: operations['deleteEndpoint'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/endpoints/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What was sent to an endpoint, with every attempt */
    get: operations['listDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/endpoints/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Have a new secret; the old one signs beside it for a day */
    post: operations['rotateEndpointSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/endpoints/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send a test; GET /v1/endpoints/{id}/deliveries tells what became of it */
    post: operations['testEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Events as a JSON object, an array, or one a line */
    post: operations['sendEvents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What changed: values that account for the difference to the time before, the strongest first */
    get: operations['explainChange'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/facets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Instances, versions, client networks, user agents, issuers and key ids of what was refused
     * @description Facets are counted per reason: service, environment and template. Filters choose signatures; what is answered are the facets of their reasons, so that a filter on route, method, status, scheme or error code alone may take in more than it names.
     */
    get: operations['listFacets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/failed-batches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Batches that could not be counted and are kept */
    get: operations['listFailedBatches'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/failed-batches/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Try a failed batch again, for example after an update */
    post: operations['retryFailedBatch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/findings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What is wrong with the APIs themselves, by the refusals of a span */
    get: operations['listFindings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The keys of a project, without the keys themselves */
    get: operations['listKeys'];
    put?: never;
    /** Make a key; the answer has it, this once */
    post: operations['addKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revoke a key; every process refuses it within five seconds */
    delete: operations['revokeKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/logs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * OTLP/HTTP logs: ExportLogsServiceRequest as protobuf or JSON
     * @description The OTLP port takes the same. Any exporter of OpenTelemetry speaks it.
     */
    post: operations['exportLogs'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/projects': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All projects */
    get: operations['listProjects'];
    put?: never;
    /** Add a project; it starts with the alert rules that the first one had */
    post: operations['addProject'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/rules': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The rules that were taught, oldest first */
    get: operations['listRules'];
    put?: never;
    /** Teach a rule; history is judged again by it */
    post: operations['addRule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/rules/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One rule */
    get: operations['getRule'];
    /** Change a rule; history is judged again by it */
    put: operations['changeRule'];
    post?: never;
    /** Forget a rule; history is judged again without it */
    delete: operations['deleteRule'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/rules/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a rule would change, by the signatures of a span */
    get: operations['previewRule'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/samples': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Masked records: the newest of each signature that was last seen in the span, newest first */
    get: operations['listSamples'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Whether keys are asked, and what the key of this request may do */
    get: operations['getSession'];
    put?: never;
    /**
     * Sign in with a key: the answer sets a cookie that is as good as the key
     * @description The cookie is HttpOnly and SameSite=Strict. With it alone, only pages of this service may change anything.
     */
    post: operations['signIn'];
    /** Sign out: the cookie ends, the key goes on */
    delete: operations['signOut'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/signatures': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Ways of being refused, most frequent in the span first */
    get: operations['listSignatures'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/signatures/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One signature, with its count in the span */
    get: operations['getSignature'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/signatures/{id}/cause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    /** Set the cause of one signature, or take it back with null */
    put: operations['teachCause'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/silences': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Silences that are not over */
    get: operations['listSilences'];
    put?: never;
    /** Silence alerts; one that still fires when it is over is told then */
    post: operations['addSilence'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/silences/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** End a silence */
    delete: operations['endSilence'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Counts as they land, as server-sent events
     * @description Every second in which something changed, an event `counts` whose data is a `CountsEvent`: what was counted since the event before, of the last two minutes. A comment every 15 seconds keeps the connection open. An event `problem` says why no more will come.
     */
    get: operations['streamCounts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/top': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Ranking by any dimensions, with share and change against the span before */
    get: operations['getTop'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/trends': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Refusals over time, by cause or any other dimensions, as counts or as part of all requests */
    get: operations['getTrends'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    About: {
      /** @description Null: this process does not listen for it. */
      otlp_grpc_port: number | null;
      /** @description Null: this process does not listen for it. */
      otlp_http_port: number | null;
      /** @description Of a trace in your tracing tool, with `{trace_id}` in it; null where none was set. */
      trace_url: string | null;
      version: string;
    };
    AcknowledgeInput: {
      /** @default  */
      note?: string;
    };
    Alert: {
      acknowledged_at: string | null;
      acknowledged_note: string | null;
      details: components['schemas']['AlertDetails'];
      expected: number | null;
      fired_at: string | null;
      group: {
        [key: string]: string;
      };
      id: string;
      /** @description When endpoints were told; null while it is silenced. */
      notified_at: string | null;
      observed: number;
      peak: number;
      reason: string;
      resolved_at: string | null;
      rule: {
        id: string;
        name: string;
        /** @enum {string} */
        type: 'spike' | 'threshold' | 'ratio' | 'new_signature' | 'finding';
      };
      score: number | null;
      /** @enum {string} */
      severity: 'critical' | 'error' | 'warning' | 'info';
      /** Format: date-time */
      started_at: string;
      /** @enum {string} */
      status: 'pending' | 'firing' | 'resolved';
      total: number;
      window_seconds: number;
    };
    /** @description What explains it, as in the webhook; a part that could not be had is left out. */
    AlertDetails: {
      advice?: {
        client: string[];
        server: string[];
      };
      distinct_clients?: number;
      findings?: {
        detail: string;
        id: string;
        reference: string;
        /** @enum {string} */
        severity: 'critical' | 'high' | 'medium' | 'low';
      }[];
      samples?: {
        method: string;
        route: string;
        service: string;
        status: number;
        template: string;
        /** Format: date-time */
        time: string;
        trace_id?: string;
      }[];
      summary?: string;
      /** @description The strongest first. */
      what_changed?: {
        dimension: string;
        explains: number;
        lift: number | null;
        share_before: number;
        share_now: number;
        value: string;
      }[];
    };
    AlertRule: {
      /** Format: date-time */
      created_at: string;
      id: string;
      is_enabled: boolean;
      name: string;
      /** @description Why the rule cannot be evaluated at present. */
      problem: string | null;
      settings: {
        [key: string]: unknown;
      };
      /** Format: date-time */
      updated_at: string;
    };
    AlertRuleInput: {
      /** @default true */
      is_enabled?: boolean;
      name: string;
      settings: components['schemas']['AlertRuleSettings'];
    };
    AlertRulePreview: {
      alerts: {
        expected: number | null;
        group: {
          [key: string]: string;
        };
        observed: number;
        peak: number;
        reason: string;
        resolved_at: string | null;
        score: number | null;
        /** Format: date-time */
        started_at: string;
      }[];
      /** Format: date-time */
      from: string;
      /** @description Groups that were looked at. */
      groups: number;
      is_cut: boolean;
      /**
       * Format: date-time
       * @description Earlier than asked where the time for a preview was up.
       */
      to: string;
    };
    AlertRulePreviewInput: {
      /**
       * @description Start of the span that is looked at.
       * @default -7d
       */
      from?: string;
      settings: components['schemas']['AlertRuleSettings'];
      /**
       * @description End, excluded.
       * @default now
       */
      to?: string;
    };
    AlertRules: {
      /** @description Oldest first. */
      rules: components['schemas']['AlertRule'][];
    };
    AlertRuleSettings:
      | {
          /**
           * @description Ids of endpoints that are told; null for all.
           * @default null
           */
          endpoints?: string[] | null;
          /**
           * @description How late records come. What is judged at once is not learnt before.
           * @default 1m
           */
          evaluation_delay?: string;
          /**
           * @description Values by dimension: `value`, `!value` excludes, `value*` is a prefix.
           * @default {}
           */
          filter?: {
            [key: string]: string[];
          };
          /**
           * @description How long it must last before the alert fires.
           * @default 0s
           */
          for?: string;
          /**
           * @description An alert for each group; at most 250 groups are looked at.
           * @default [
           *       "service",
           *       "cause"
           *     ]
           */
          group_by?: (
            'service' | 'environment' | 'route' | 'method' | 'status' | 'cause' | 'fault' | 'scheme' | 'error_code' | 'signature'
          )[];
          /** @default {} */
          labels?: {
            [key: string]: string;
          };
          /**
           * @description Different clients that must be affected.
           * @default 0
           */
          min_clients?: number;
          /**
           * @description Refusals that there must be in the window.
           * @default 10
           */
          min_count?: number;
          /**
           * @description How long it must be calm before the alert is over.
           * @default 10m
           */
          resolve_after?: string;
          /**
           * @default error
           * @enum {string}
           */
          severity?: 'critical' | 'error' | 'warning' | 'info';
          /** @enum {string} */
          type: 'spike';
        }
      | {
          count: number;
          /**
           * @description Ids of endpoints that are told; null for all.
           * @default null
           */
          endpoints?: string[] | null;
          /**
           * @description How late records come. What is judged at once is not learnt before.
           * @default 1m
           */
          evaluation_delay?: string;
          /**
           * @description Values by dimension: `value`, `!value` excludes, `value*` is a prefix.
           * @default {}
           */
          filter?: {
            [key: string]: string[];
          };
          /**
           * @description How long it must last before the alert fires.
           * @default 0s
           */
          for?: string;
          /**
           * @description An alert for each group; at most 250 groups are looked at.
           * @default [
           *       "service",
           *       "cause"
           *     ]
           */
          group_by?: (
            'service' | 'environment' | 'route' | 'method' | 'status' | 'cause' | 'fault' | 'scheme' | 'error_code' | 'signature'
          )[];
          /** @default {} */
          labels?: {
            [key: string]: string;
          };
          /**
           * @description Different clients that must be affected.
           * @default 0
           */
          min_clients?: number;
          /**
           * @description Refusals that there must be in the window.
           * @default 0
           */
          min_count?: number;
          /**
           * @description How long it must be calm before the alert is over.
           * @default 10m
           */
          resolve_after?: string;
          /**
           * @default error
           * @enum {string}
           */
          severity?: 'critical' | 'error' | 'warning' | 'info';
          /** @enum {string} */
          type: 'threshold';
          /**
           * @description What is summed up.
           * @default 5m
           */
          window?: string;
        }
      | {
          /**
           * @description Ids of endpoints that are told; null for all.
           * @default null
           */
          endpoints?: string[] | null;
          /**
           * @description How late records come. What is judged at once is not learnt before.
           * @default 1m
           */
          evaluation_delay?: string;
          /**
           * @description Values by dimension: `value`, `!value` excludes, `value*` is a prefix.
           * @default {}
           */
          filter?: {
            [key: string]: string[];
          };
          /**
           * @description How long it must last before the alert fires.
           * @default 0s
           */
          for?: string;
          /**
           * @description An alert for each group; at most 250 groups are looked at.
           * @default [
           *       "service",
           *       "cause"
           *     ]
           */
          group_by?: (
            'service' | 'environment' | 'route' | 'method' | 'status' | 'cause' | 'fault' | 'scheme' | 'error_code' | 'signature'
          )[];
          /** @default {} */
          labels?: {
            [key: string]: string;
          };
          /**
           * @description Different clients that must be affected.
           * @default 0
           */
          min_clients?: number;
          /**
           * @description Refusals that there must be in the window.
           * @default 20
           */
          min_count?: number;
          ratio: number;
          /**
           * @description How long it must be calm before the alert is over.
           * @default 10m
           */
          resolve_after?: string;
          /**
           * @default error
           * @enum {string}
           */
          severity?: 'critical' | 'error' | 'warning' | 'info';
          /** @enum {string} */
          type: 'ratio';
          /**
           * @description What is summed up.
           * @default 5m
           */
          window?: string;
        }
      | {
          back_after?: string | null;
          /**
           * @description Ids of endpoints that are told; null for all.
           * @default null
           */
          endpoints?: string[] | null;
          /**
           * @description How late records come. What is judged at once is not learnt before.
           * @default 1m
           */
          evaluation_delay?: string;
          /**
           * @description Values by dimension: `value`, `!value` excludes, `value*` is a prefix.
           * @default {}
           */
          filter?: {
            [key: string]: string[];
          };
          /**
           * @description How long it must last before the alert fires.
           * @default 0s
           */
          for?: string;
          /**
           * @description An alert for each group; at most 250 groups are looked at.
           * @default [
           *       "service",
           *       "cause"
           *     ]
           */
          group_by?: (
            'service' | 'environment' | 'route' | 'method' | 'status' | 'cause' | 'fault' | 'scheme' | 'error_code' | 'signature'
          )[];
          /** @default {} */
          labels?: {
            [key: string]: string;
          };
          /**
           * @description Different clients that must be affected.
           * @default 0
           */
          min_clients?: number;
          /**
           * @description Refusals that there must be in the window.
           * @default 1
           */
          min_count?: number;
          /**
           * @description How long it must be calm before the alert is over.
           * @default 10m
           */
          resolve_after?: string;
          /**
           * @default error
           * @enum {string}
           */
          severity?: 'critical' | 'error' | 'warning' | 'info';
          /** @enum {string} */
          type: 'new_signature';
        }
      | {
          /** @default 1 */
          count?: number;
          /**
           * @description Ids of endpoints that are told; null for all.
           * @default null
           */
          endpoints?: string[] | null;
          /**
           * @description How late records come. What is judged at once is not learnt before.
           * @default 1m
           */
          evaluation_delay?: string;
          /**
           * @description Values by dimension: `value`, `!value` excludes, `value*` is a prefix.
           * @default {}
           */
          filter?: {
            [key: string]: string[];
          };
          /** @enum {string} */
          finding:
            | 'challenge_missing'
            | 'challenge_malformed'
            | 'challenge_incomplete'
            | 'challenge_scheme_mismatch'
            | 'realm_missing'
            | 'bearer_error_missing'
            | 'bearer_error_unasked'
            | 'distinct_code_missing'
            | 'authorization_as_401'
            | 'authentication_as_403'
            | 'error_as_200'
            | 'proxy_status_from_origin'
            | 'leaky_message'
            | 'user_enumeration'
            | 'credential_logged'
            | 'insecure_transport'
            | 'crawler_refused';
          /**
           * @description How long it must last before the alert fires.
           * @default 0s
           */
          for?: string;
          /**
           * @description An alert for each group; at most 250 groups are looked at.
           * @default [
           *       "service",
           *       "cause"
           *     ]
           */
          group_by?: (
            'service' | 'environment' | 'route' | 'method' | 'status' | 'cause' | 'fault' | 'scheme' | 'error_code' | 'signature'
          )[];
          /** @default {} */
          labels?: {
            [key: string]: string;
          };
          /**
           * @description Different clients that must be affected.
           * @default 0
           */
          min_clients?: number;
          /**
           * @description Refusals that there must be in the window.
           * @default 0
           */
          min_count?: number;
          /**
           * @description How long it must be calm before the alert is over.
           * @default 10m
           */
          resolve_after?: string;
          /**
           * @default error
           * @enum {string}
           */
          severity?: 'critical' | 'error' | 'warning' | 'info';
          /** @enum {string} */
          type: 'finding';
          /**
           * @description What is summed up.
           * @default 5m
           */
          window?: string;
        };
    Alerts: {
      alerts: components['schemas']['Alert'][];
      next_cursor: string | null;
    };
    Cause: {
      advice: {
        client: string[];
        server: string[];
      };
      count: number;
      fault: string;
      id: string;
      meaning: string;
      share: number;
      title: string;
    };
    CauseInput: {
      /** @description null takes back what was taught. */
      cause:
        | (
            | 'missing_credentials'
            | 'stripped_credentials'
            | 'session_cookie_missing'
            | 'malformed_credentials'
            | 'expired_token'
            | 'session_expired'
            | 'clock_skew'
            | 'revoked_token'
            | 'refresh_failed'
            | 'invalid_credentials'
            | 'invalid_api_key'
            | 'invalid_signature'
            | 'issuer_mismatch'
            | 'audience_mismatch'
            | 'wrong_realm'
            | 'invalid_token'
            | 'client_certificate'
            | 'proof_of_possession'
            | 'account_locked'
            | 'mfa_required'
            | 'insufficient_scope'
            | 'server_misconfiguration'
            | 'proxy_authentication'
            | 'unknown'
          )
        | null;
    };
    Causes: {
      causes: components['schemas']['Cause'][];
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
      total: number;
    };
    Comparison: {
      /** @description What it is compared with. */
      baseline: {
        /** Format: date-time */
        from: string;
        /** Format: date-time */
        to: string;
      };
      /** @description As counted, not scaled. */
      baseline_total: number;
      by: string[];
      /** Format: date-time */
      from: string;
      /** @description The largest difference between count and expected first, up or down. */
      rows: {
        /** @description count / expected - 1; null where nothing was. */
        change: number | null;
        count: number;
        /** @description The count of the baseline, scaled to the length of the span. */
        expected: number;
        /** @description Dimension to value; `__other__` for everything beyond the limit. */
        key: {
          [key: string]: string;
        };
        share_before: number;
        share_now: number;
      }[];
      /** Format: date-time */
      to: string;
      total: number;
      truncated: boolean;
    };
    CountsEvent: {
      /** @description Epoch ms. */
      at: number;
      /** @description The largest first; at most 100, the rest as `__other__`. */
      series: {
        count: number;
        /** @description Dimension to value; `__other__` for everything beyond the limit. */
        key: {
          [key: string]: string;
        };
      }[];
      /** @description Refusals that were counted since the event before. */
      total: number;
    };
    Deliveries: {
      /** @description Newest first, at most 100. */
      deliveries: components['schemas']['Delivery'][];
    };
    Delivery: {
      alert_id: string | null;
      attempts: {
        /** Format: date-time */
        at: string;
        latency_ms: number;
        outcome: string;
        reason: string;
        status: number | null;
      }[];
      /** Format: date-time */
      created_at: string;
      finished_at: string | null;
      id: string;
      next_attempt_at: string | null;
      /** @enum {string} */
      status: 'waiting' | 'delivered' | 'dead';
      /** @enum {string} */
      transition: 'firing' | 'resolved' | 'test';
      webhook_id: string;
    };
    DimensionValues: {
      name: string;
      truncated: boolean;
      /** @description The most frequent first. */
      values: {
        count: number;
        value: string;
      }[];
    };
    Endpoint: {
      /** Format: date-time */
      created_at: string;
      disabled_reason: string | null;
      /** @enum {string} */
      format: 'standard' | 'alertmanager' | 'alertmanager_api' | 'slack' | 'pagerduty';
      has_routing_key: boolean;
      id: string;
      name: string;
      sends_resolved: boolean;
      /** Format: date-time */
      updated_at: string;
      url: string;
    };
    EndpointInput: {
      /**
       * @default standard
       * @enum {string}
       */
      format?: 'standard' | 'alertmanager' | 'alertmanager_api' | 'slack' | 'pagerduty';
      name: string;
      /**
       * @description PagerDuty's integration key.
       * @default null
       */
      routing_key?: string | null;
      /** @default true */
      sends_resolved?: boolean;
      /** Format: uri */
      url: string;
    };
    Endpoints: {
      endpoints: components['schemas']['Endpoint'][];
    };
    /** @description A record, flat or in the shape of OpenTelemetry; both may be mixed, and what is not known is an attribute. */
    Event: {
      /** @description Attributes of a log record. */
      attributes?: Record<string, never>;
      /** @description Its shape alone is looked at; nothing of it is kept. */
      authorization?: string;
      authorization_scheme?: string;
      /** @description The body of a log record. */
      body?: unknown;
      /** @description A cause of the catalogue, where the sender knows it. */
      cause?: string;
      client_ip?: string;
      environment?: string;
      error_code?: string;
      exception_type?: string;
      method?: string;
      path?: string;
      /** @description Why it was refused, in the words of whoever refused. */
      reason?: string;
      /** @description Resource attributes. */
      resource?: Record<string, never>;
      /** @description As declared, such as /orders/{id}. */
      route?: string;
      service?: string;
      /** @description HTTP status of the answer. */
      status?: number;
      /** @description RFC 3339 or an epoch number; default: now. */
      time?: string | number;
      /** @description Claims of the token that was sent: exp, iat, nbf, iss, aud, kid. */
      token?: Record<string, never>;
      /** @description 32 hex digits. */
      trace_id?: string;
      /** @description Counted through a keyed pseudonym; never kept. */
      user?: string;
      user_agent?: string;
      /** @description The challenge as it was sent. */
      www_authenticate?: string | string[];
    };
    EventsAnswer: {
      /** @description Refusals that are counted. */
      accepted: number;
      /** @description Records of requests that were not refused. */
      ignored: number;
      /** @description What could not be used, the first 10,000. */
      rejected: {
        /** @description Its place in the request, from 0. */
        index: number;
        reason: string;
      }[];
      /** @description Rejected beyond the ones that are listed. */
      rejected_more?: number;
    };
    Evidence: {
      field: string;
      matched: string;
      rule: string;
    };
    Explanation: {
      /** @description What it is compared with. */
      baseline: {
        /** Format: date-time */
        from: string;
        /** Format: date-time */
        to: string;
      }[];
      /** @description The strongest first. Empty: everything grew alike, or nothing grew. */
      changes: {
        count: number;
        expected: number;
        /** @description Part of the difference, without what stands before it in the list. */
        explains: number;
        /** @description How many times as much as before; null where there was nothing. */
        lift: number | null;
        share_before: number;
        share_now: number;
        /** @description One value, or two that only together account for it. */
        values: {
          dimension: string;
          value: string;
        }[];
      }[];
      count: number;
      /** @description What the baseline says of a span as long as this one. */
      expected: number;
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
    };
    /** @description By facet its 20 most frequent values. Facets are counted per reason (service, environment and template), so that signatures which differ in route, method, status, challenge or error code alone share them; kept per 5 minutes, after two days per hour, for a month, and whole buckets count. `__other__` stands for the values beyond the first 50 in five minutes. */
    FacetList: {
      facet: string;
      values: {
        count: number;
        /** @description Part of the records that tell this facet, 0 to 1. */
        share: number;
        value: string;
      }[];
    }[];
    Facets: {
      facets: components['schemas']['FacetList'];
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
    };
    FailedBatches: {
      /** @description Newest first, at most 100. */
      batches: {
        attempts: number;
        /** Format: date-time */
        failed_at: string;
        id: string;
        reason: string;
      }[];
      total: number;
    };
    Findings: {
      /** @description The gravest first. Findings that nothing in the span could have shown are left out; a count of 0 means looked at and well. */
      findings: {
        /** @description Records in the span that show it. */
        count: number;
        fix: string;
        id: string;
        /** @description Records in the span that could have shown it. */
        observable: number;
        /** @description Where it was seen most, at most 20; the detail is of one signature there. */
        places: {
          count: number;
          detail: string;
          route: string;
          service: string;
        }[];
        reference: string;
        /** @enum {string} */
        severity: 'critical' | 'high' | 'medium' | 'low';
        signatures: number;
      }[];
      /** Format: date-time */
      from: string;
      /** Format: date-time */
      to: string;
    };
    Health: {
      parts: {
        [key: string]: {
          detail?: string;
          /** @enum {string} */
          status: 'ok' | 'warning' | 'down';
        };
      };
      /**
       * @description `warning`: it works, but a promise does not hold; the part says which.
       * @enum {string}
       */
      status: 'ok' | 'warning' | 'down';
    };
    Judgement: {
      advice: {
        client: string[];
        server: string[];
        user: string[];
      };
      also: string[];
      cause: string;
      /** @description Only when the event carries WWW-Authenticate or Proxy-Authenticate. */
      challenge?: {
        challenges: {
          params: {
            [key: string]: string;
          };
          scheme: string;
          token68: string | null;
        }[];
        valid: boolean;
      };
      confidence: number;
      evidence: components['schemas']['Evidence'][];
      fault: string;
      findings: {
        detail: string;
        id: string;
        reference: string;
        /** @enum {string} */
        severity: 'low' | 'medium' | 'high' | 'critical';
      }[];
      /** @description The reason text with everything that varies replaced. */
      template: string;
    };
    Judgements: {
      /** @description One per event, in order. */
      results: components['schemas']['Judgement'][];
    };
    Key: {
      /** Format: date-time */
      created_at: string;
      expires_at: string | null;
      /** @description The part of the key between its prefix and its secret. */
      id: string;
      /** @description To the minute. */
      last_used_at: string | null;
      name: string;
      project: string;
      revoked_at: string | null;
      scopes: ('ingest' | 'read' | 'admin')[];
    };
    KeyInput: {
      /**
       * @description Null: it does not expire.
       * @default null
       */
      expires_at?: string | null;
      /**
       * @description What it is for, to tell it from others.
       * @default
       */
      name?: string;
      /** @description Name of the project that it belongs to. Default: the one of the key that asks. */
      project?: string & (unknown & unknown);
      /** @description `ingest` sends records, `read` asks, `admin` does both and changes things. */
      scopes: ('ingest' | 'read' | 'admin')[];
    };
    Keys: {
      /** @description The ones that are not revoked first, oldest first. */
      keys: components['schemas']['Key'][];
    };
    Liveness: {
      /** @enum {string} */
      status: 'ok';
    };
    LogsAnswer: {
      partialSuccess?: {
        errorMessage: string;
        /** @description How many, as a decimal number. */
        rejectedLogRecords?: string;
      };
    };
    /** @description ExportLogsServiceRequest of OTLP 1.x in JSON. */
    LogsRequest: {
      resourceLogs?: Record<string, never>[];
    };
    NewEndpoint: {
      /** Format: date-time */
      created_at: string;
      disabled_reason: string | null;
      /** @enum {string} */
      format: 'standard' | 'alertmanager' | 'alertmanager_api' | 'slack' | 'pagerduty';
      has_routing_key: boolean;
      id: string;
      name: string;
      /** @description Signs every delivery (Standard Webhooks). It is shown this once. */
      secret: string;
      sends_resolved: boolean;
      /** Format: date-time */
      updated_at: string;
      url: string;
    };
    NewKey: {
      /** Format: date-time */
      created_at: string;
      expires_at: string | null;
      /** @description The part of the key between its prefix and its secret. */
      id: string;
      /** @description The key itself. It is shown this once; only its hash is kept. */
      key: string;
      /** @description To the minute. */
      last_used_at: string | null;
      name: string;
      project: string;
      revoked_at: string | null;
      scopes: ('ingest' | 'read' | 'admin')[];
    };
    Problem: {
      detail: string;
      errors?: {
        field: string;
        message: string;
      }[];
      status: number;
      title: string;
      /** @constant */
      type: 'about:blank';
    };
    Project: {
      /** Format: date-time */
      created_at: string;
      id: number;
      name: string;
    };
    ProjectInput: {
      name: string & (unknown & unknown);
    };
    Projects: {
      /** @description Oldest first. */
      projects: components['schemas']['Project'][];
    };
    RpcStatus: {
      /** @description google.rpc.Code */
      code: number;
      /** @description RetryInfo, where coming again helps. */
      details?: Record<string, never>[];
      message: string;
    };
    Rule: {
      cause: string;
      /** Format: date-time */
      created_at: string;
      id: string;
      match: {
        [key: string]: string;
      };
      note: string;
      /** @description Why the rule cannot be used; it then matches nothing. */
      problem: string | null;
      /** Format: date-time */
      updated_at: string;
    };
    RuleInput: {
      /** @enum {string} */
      cause:
        | 'missing_credentials'
        | 'stripped_credentials'
        | 'session_cookie_missing'
        | 'malformed_credentials'
        | 'expired_token'
        | 'session_expired'
        | 'clock_skew'
        | 'revoked_token'
        | 'refresh_failed'
        | 'invalid_credentials'
        | 'invalid_api_key'
        | 'invalid_signature'
        | 'issuer_mismatch'
        | 'audience_mismatch'
        | 'wrong_realm'
        | 'invalid_token'
        | 'client_certificate'
        | 'proof_of_possession'
        | 'account_locked'
        | 'mfa_required'
        | 'insufficient_scope'
        | 'server_misconfiguration'
        | 'proxy_authentication'
        | 'unknown';
      /** @description All patterns must be found. */
      match: {
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        challenge?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        error_code?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        exception_type?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        route?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        service?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        template?: string;
      };
      /**
       * @description Why the rule is there, for whoever reads it next.
       * @default
       */
      note?: string;
    };
    RulePreview: {
      /** @description The causes that the changed ones have now. */
      by_cause: {
        cause: string;
        count: number;
        signatures: number;
      }[];
      changed: {
        count: number;
        signatures: number;
      };
      /** @description The most frequent of the ones that would change. */
      examples: {
        cause: string;
        count: number;
        error_code: string;
        id: string;
        route: string;
        service: string;
        template: string;
      }[];
      /** Format: date-time */
      from: string;
      matched: {
        count: number;
        signatures: number;
      };
      /** Format: date-time */
      to: string;
    };
    Rules: {
      /** @description Signatures that still wait for their new verdict. */
      rejudging: number;
      revision: number;
      /** @description Oldest first; the first that matches decides. */
      rules: components['schemas']['Rule'][];
    };
    Samples: {
      /** Format: date-time */
      from: string;
      next_cursor: string | null;
      /** @description Of each signature that was last seen in the span its newest occurrence, masked. Newest first. */
      samples: {
        cause: string;
        challenge: string;
        environment: string;
        error_code: string;
        method: string;
        route: string;
        service: string;
        signature: string;
        status: number;
        template: string;
        /** Format: date-time */
        time: string;
        /** @description Of one of the last occurrences. */
        trace_id: string | null;
      }[];
      /** Format: date-time */
      to: string;
    };
    Session: {
      /** @description Whether requests need a key. Without that everybody may do everything, in the first project. */
      keys_asked: boolean;
      /** @description Name of the project; null for somebody who is not signed in. */
      project: string | null;
      scopes: ('ingest' | 'read' | 'admin')[];
    };
    SessionInput: {
      key: string;
    };
    Signature: {
      also: string[];
      cause: string;
      /** @description Masked. */
      challenge: string;
      confidence: number;
      /** @description Occurrences in the span. */
      count: number;
      environment: string;
      error_code: string;
      evidence: components['schemas']['Evidence'][];
      fault: string;
      findings: {
        /** @description Records in the span that show it. */
        count: number;
        detail: string;
        id: string;
        reference: string;
        /** @enum {string} */
        severity: 'critical' | 'high' | 'medium' | 'low';
      }[];
      /** Format: date-time */
      first_seen: string;
      id: string;
      /**
       * Format: date-time
       * @description Right to ten seconds.
       */
      last_seen: string;
      /** @description The trace of one of the last occurrences. */
      last_trace_id: string | null;
      method: string;
      /** @description Findings that this signature could have shown. */
      observable: string[];
      /** @description For how long it had been away then. */
      quiet_seconds: number | null;
      /** @description When it last came back after a day or more without it; null where it never did. */
      returned_at: string | null;
      route: string;
      rule_set_version: number;
      scheme: string;
      service: string;
      status: number;
      /** @description Set by a user; wins over every rule. */
      taught_cause: string | null;
      /** @description The reason text with everything that varies replaced. */
      template: string;
    };
    SignatureDetails: {
      advice: {
        client: string[];
        server: string[];
        user: string[];
      };
      also: string[];
      cause: string;
      /** @description Masked. */
      challenge: string;
      confidence: number;
      /** @description Occurrences in the span. */
      count: number;
      environment: string;
      error_code: string;
      evidence: components['schemas']['Evidence'][];
      facets: components['schemas']['FacetList'];
      fault: string;
      findings: {
        /** @description Records in the span that show it. */
        count: number;
        detail: string;
        id: string;
        reference: string;
        /** @enum {string} */
        severity: 'critical' | 'high' | 'medium' | 'low';
      }[];
      /** Format: date-time */
      first_seen: string;
      id: string;
      /**
       * Format: date-time
       * @description Right to ten seconds.
       */
      last_seen: string;
      /** @description The trace of one of the last occurrences. */
      last_trace_id: string | null;
      method: string;
      /** @description Findings that this signature could have shown. */
      observable: string[];
      /** @description For how long it had been away then. */
      quiet_seconds: number | null;
      /** @description When it last came back after a day or more without it; null where it never did. */
      returned_at: string | null;
      route: string;
      rule_set_version: number;
      scheme: string;
      service: string;
      status: number;
      /** @description Set by a user; wins over every rule. */
      taught_cause: string | null;
      /** @description The reason text with everything that varies replaced. */
      template: string;
      /** @description Token times against the record's, on the days of the span; quantiles are within 5 %. */
      token_times: {
        expired_by: {
          count: number;
          p05_seconds: number;
          p50_seconds: number;
          p95_seconds: number;
        } | null;
        in_time: number;
        not_valid_for: {
          count: number;
          p05_seconds: number;
          p50_seconds: number;
          p95_seconds: number;
        } | null;
        observed: number;
      };
    };
    Signatures: {
      /** Format: date-time */
      from: string;
      next_cursor: string | null;
      signatures: components['schemas']['Signature'][];
      /** Format: date-time */
      to: string;
    };
    Silence: {
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      ends_at: string;
      id: string;
      matchers: {
        [key: string]: string;
      };
      note: string;
      /** Format: date-time */
      starts_at: string;
    };
    SilenceInput: {
      /** Format: date-time */
      ends_at: string;
      /** @description `rule`, `severity`, labels of the rule and dimensions of the group; `value*` is a prefix. All must fit. */
      matchers: {
        [key: string]: string;
      };
      /** @default  */
      note?: string;
      /**
       * Format: date-time
       * @description Default: now.
       */
      starts_at?: string;
    };
    Silences: {
      /** @description The ones that are not over. */
      silences: components['schemas']['Silence'][];
    };
    Top: {
      by: string[];
      /** Format: date-time */
      from: string;
      rows: {
        /** @description count / previous_count - 1; null when nothing is known of before, or nothing was. */
        change: number | null;
        count: number;
        /** @description About how many different clients, within 2 %; kept per minute, after two hours per hour, after a month per day, and whole buckets count. Null where no record told, or where there is too much to merge. */
        distinct_clients: number | null;
        /** @description About how many different users, within 2 %; kept per minute, after two hours per hour, after a month per day, and whole buckets count. Null where no record told, or where there is too much to merge. */
        distinct_users: number | null;
        /** @description Dimension to value; `__other__` for everything beyond the limit. */
        key: {
          [key: string]: string;
        };
        /** @description Count in the span of the same length just before; null where that reaches beyond what is kept. */
        previous_count: number | null;
        /** @description Part of the total, 0 to 1. */
        share: number;
      }[];
      /** Format: date-time */
      to: string;
      total: number;
      truncated: boolean;
    };
    Trends: {
      by: string[];
      /** Format: date-time */
      from: string;
      series: {
        /** @description Dimension to value; `__other__` for everything beyond the limit. */
        key: {
          [key: string]: string;
        };
        /** @description [epoch ms, figure], one per step. Counts: gaps as 0. Rates: null where no request is known, or fewer requests than refusals. */
        points: [number, number | null][];
        /** @description Rates alone: over all steps whose rate is known; null where none is. */
        rate?: number | null;
        /** @description Refusals, whatever the unit. */
        total: number;
      }[];
      step_seconds: number;
      /** Format: date-time */
      to: string;
      total: number;
      /** @description True when some keys were summed up as `__other__`. */
      truncated: boolean;
      /** @enum {string} */
      unit: 'count' | 'rate';
    };
  };
  responses: {
    /** @description The address is longer than 112 KiB. */
    AddressTooLong: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description `Expect` asks for something else than 100-continue. */
    ExpectationFailed: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The key holds and lacks the scope, or a page of another site sent the request. */
    Forbidden: {
      headers: {
        /** @description The challenge (RFC 6750 section 3). */
        'WWW-Authenticate'?: string;
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The headers are longer than 16 KiB, or more than 100. */
    HeadersTooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description An error of ours. */
    InternalError: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Something in the request cannot be used; `errors` names the fields. */
    InvalidInput: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The path does not take this method. */
    MethodNotAllowed: {
      headers: {
        /** @description The methods that it takes. */
        Allow?: string;
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description No key is asked for, and the host is neither localhost nor an IP address: it may be the name of another site. */
    Misdirected: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description There is no such thing. */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The body is larger than 64 KiB. */
    TooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Too many keys that do not hold came from this address; come again after Retry-After seconds. */
    TooManyGuesses: {
      headers: {
        /** @description Seconds after which to come again. */
        'Retry-After'?: number;
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The body did not arrive within 30 seconds. */
    TooSlow: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description No key was sent, or one that does not hold; the challenge says which. */
    Unauthenticated: {
      headers: {
        /** @description The challenge (RFC 6750 section 3). */
        'WWW-Authenticate'?: string;
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The database or the queue does not answer, there is no room, or a query took too long. */
    Unavailable: {
      headers: {
        /** @description Seconds after which to come again. */
        'Retry-After'?: number;
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Media type, charset or content encoding is not supported. */
    UnsupportedMediaType: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: {
    /** @description The `baseline_from` that the list of them gives. */
    baseline_from: string;
    /** @description The `baseline_to` that the list of them gives. */
    baseline_to: string;
    /** @description Dimensions, separated by commas: service, environment, route, method, status, cause, fault, scheme, error_code, signature. Empty: all of it as one. */
    by: string;
    /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
    cause: string | string[];
    /** @description How the body is compressed. zstd needs Node 22.15 or newer. */
    'content-encoding': 'identity' | 'gzip' | 'deflate' | 'zstd';
    /** @description The `next_cursor` of the page before. */
    cursor: string;
    /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
    environment: string | string[];
    /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
    error_code: string | string[];
    /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
    fault: string | string[];
    /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
    from: string;
    /** @description The `id` of a signature. */
    id: string;
    /** @description How many at most, 1 to 1000. */
    limit: number;
    /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
    method: string | string[];
    /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
    route: string | string[];
    /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
    scheme: string | string[];
    /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
    service: string | string[];
    /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
    signature: string | string[];
    /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
    status: string | string[];
    /** @description End, excluded. */
    to: string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  isAlive: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Liveness'];
        };
      };
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      431: components['responses']['HeadersTooLarge'];
    };
  };
  isReady: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      431: components['responses']['HeadersTooLarge'];
      /** @description A part is down. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Health'];
        };
      };
    };
  };
  getMetrics: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/plain': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getAlertSchema: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': Record<string, never>;
        };
      };
      400: components['responses']['InvalidInput'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getAbout: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['About'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listAlertRules: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertRules'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  addAlertRule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AlertRuleInput'];
      };
    };
    responses: {
      /** @description As it was added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertRule'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      /** @description There are 100 alert rules already. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getAlertRule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertRule'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  changeAlertRule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AlertRuleInput'];
      };
    };
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertRule'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  deleteAlertRule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  previewAlertRule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AlertRulePreviewInput'];
      };
    };
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlertRulePreview'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      /** @description Another preview of the project is being made, or too many keys that do not hold came from this address; come again after Retry-After seconds. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listAlerts: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. */
        cursor?: components['parameters']['cursor'];
        /** @description The `limit` that the list of them gives. */
        limit?: number;
        /** @description `open` is pending and firing. */
        status?: 'open' | 'pending' | 'firing' | 'resolved' | 'all';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alerts'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getAlert: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alert'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  acknowledgeAlert: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AcknowledgeInput'];
      };
    };
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alert'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  acceptAlertAsNormal: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Taken over. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alert'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      /** @description Only spikes have a level that is normal. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listCauses: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Causes'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getCause: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Cause'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  classify: {
    parameters: {
      query?: never;
      header?: {
        /** @description How the body is compressed. zstd needs Node 22.15 or newer. */
        'content-encoding'?: components['parameters']['content-encoding'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Event'] | components['schemas']['Event'][];
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description What each event shows. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Judgements'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      /** @description Larger than 64 MiB, or more than 1,000 events. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  compareSpans: {
    parameters: {
      query?: {
        /** @description The `baseline_from` that the list of them gives. */
        baseline_from?: components['parameters']['baseline_from'];
        /** @description The `baseline_to` that the list of them gives. */
        baseline_to?: components['parameters']['baseline_to'];
        /** @description Dimensions, separated by commas: service, environment, route, method, status, cause, fault, scheme, error_code, signature. Empty: all of it as one. */
        by?: components['parameters']['by'];
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description How many at most, 1 to 1000. */
        limit?: components['parameters']['limit'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Comparison'];
          'text/csv': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  redeliver: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Taken over. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listDimensionValues: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description How many at most, 1 to 1000. */
        limit?: components['parameters']['limit'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path: {
        /** @description One of service, environment, route, method, status, cause, fault, scheme, error_code, signature. */
        name: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DimensionValues'];
          'text/csv': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listEndpoints: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Endpoints'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  addEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EndpointInput'];
      };
    };
    responses: {
      /** @description As it was added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewEndpoint'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      /** @description There are 100 endpoints already. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Endpoint'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  changeEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EndpointInput'];
      };
    };
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Endpoint'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  deleteEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listDeliveries: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deliveries'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  rotateEndpointSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewEndpoint'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  testEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Taken over. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Delivery'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  sendEvents: {
    parameters: {
      query?: never;
      header?: {
        /** @description How the body is compressed. zstd needs Node 22.15 or newer. */
        'content-encoding'?: components['parameters']['content-encoding'];
        /** @description The same events under the same key within 15 minutes count once. */
        'idempotency-key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Event'] | components['schemas']['Event'][];
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description Taken over; what was rejected stands with its index. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventsAnswer'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      /** @description Larger than 64 MiB, more than 1,000,000 events, more than about 8,000 different refusals, or refusals in too many minutes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  explainChange: {
    parameters: {
      query?: {
        /** @description The `baseline_from` that the list of them gives. */
        baseline_from?: components['parameters']['baseline_from'];
        /** @description The `baseline_to` that the list of them gives. */
        baseline_to?: components['parameters']['baseline_to'];
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start of what is to be explained: RFC 3339, epoch, or a span back such as -15m. */
        from?: string;
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Explanation'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listFacets: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Facets'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listFailedBatches: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FailedBatches'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  retryFailedBatch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listFindings: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Findings'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listKeys: {
    parameters: {
      query?: {
        /** @description Name of a project. Default: the one of the key that asks. */
        project?: string & (unknown & unknown);
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Keys'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      /** @description There is no such project for this key. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  addKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['KeyInput'];
      };
    };
    responses: {
      /** @description As it was added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['NewKey'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      /** @description There is no such project for this key. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      /** @description The project has 1000 keys that are not revoked. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  revokeKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  exportLogs: {
    parameters: {
      query?: never;
      header?: {
        /** @description How the body is compressed. zstd needs Node 22.15 or newer. */
        'content-encoding'?: components['parameters']['content-encoding'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['LogsRequest'];
        'application/x-protobuf': unknown;
      };
    };
    responses: {
      /** @description Taken over; partialSuccess says how many records were rejected. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LogsAnswer'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description Not decodable. google.rpc.Status in the encoding of the request. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description No key was sent, or one that does not hold. google.rpc.Status in the encoding of the request. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description The key lacks the scope `ingest`. google.rpc.Status in the encoding of the request. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description Not POST. google.rpc.Status in the encoding of the request. */
      405: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description The body did not arrive within 30 seconds. google.rpc.Status in the encoding of the request. */
      408: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description Larger than 64 MiB, or too many records. google.rpc.Status in the encoding of the request. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description The address is longer than 112 KiB. google.rpc.Status in the encoding of the request. */
      414: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description Media type or content encoding not supported. google.rpc.Status in the encoding of the request. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description `Expect` asks for something else than 100-continue. google.rpc.Status in the encoding of the request. */
      417: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description No key is asked for, and the host is neither localhost nor an IP address. google.rpc.Status in the encoding of the request. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description Too many keys that do not hold came from this address; come again after Retry-After seconds. google.rpc.Status in the encoding of the request. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description The headers are longer than 16 KiB, or more than 100. google.rpc.Status in the encoding of the request. */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description An error of ours. google.rpc.Status in the encoding of the request. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
      /** @description Queue away or no room; come again after Retry-After seconds. google.rpc.Status in the encoding of the request. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RpcStatus'];
          'application/x-protobuf': unknown;
        };
      };
    };
  };
  listProjects: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Projects'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  addProject: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ProjectInput'];
      };
    };
    responses: {
      /** @description As it was added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Project'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      /** @description There is a project of this name. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      /** @description There are 1000 projects. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listRules: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rules'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  addRule: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RuleInput'];
      };
    };
    responses: {
      /** @description As it was added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rule'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      /** @description There are 1000 rules already. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getRule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rule'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  changeRule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RuleInput'];
      };
    };
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Rule'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  deleteRule: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  previewRule: {
    parameters: {
      query: {
        /** @description The `cause` that the list of them gives. */
        cause:
          | 'missing_credentials'
          | 'stripped_credentials'
          | 'session_cookie_missing'
          | 'malformed_credentials'
          | 'expired_token'
          | 'session_expired'
          | 'clock_skew'
          | 'revoked_token'
          | 'refresh_failed'
          | 'invalid_credentials'
          | 'invalid_api_key'
          | 'invalid_signature'
          | 'issuer_mismatch'
          | 'audience_mismatch'
          | 'wrong_realm'
          | 'invalid_token'
          | 'client_certificate'
          | 'proof_of_possession'
          | 'account_locked'
          | 'mfa_required'
          | 'insufficient_scope'
          | 'server_misconfiguration'
          | 'proxy_authentication'
          | 'unknown';
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        challenge?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        error_code?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        exception_type?: string;
        /** @description Start of the span that is looked at. */
        from?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        route?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        service?: string;
        /** @description RE2 syntax; case counts unless it begins with (?i). */
        template?: string;
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RulePreview'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listSamples: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description The `next_cursor` of the page before. */
        cursor?: components['parameters']['cursor'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description How many at most, 1 to 1000. */
        limit?: components['parameters']['limit'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Samples'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      400: components['responses']['InvalidInput'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      /** @description Too many keys that do not hold came from this address. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  signIn: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SessionInput'];
      };
    };
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      400: components['responses']['InvalidInput'];
      /** @description The key does not hold. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not read, or the request comes from a page of another site. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      /** @description No key is asked for, and the host is neither localhost nor an IP address. */
      421: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many keys that do not hold came from this address. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  signOut: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      /** @description The request comes from a page of another site. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listSignatures: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description The `next_cursor` of the page before. */
        cursor?: components['parameters']['cursor'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description How many at most, 1 to 1000. */
        limit?: components['parameters']['limit'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Signatures'];
          'text/csv': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getSignature: {
    parameters: {
      query?: {
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path: {
        /** @description The `id` of a signature. */
        id: components['parameters']['id'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SignatureDetails'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  teachCause: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` of a signature. */
        id: components['parameters']['id'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CauseInput'];
      };
    };
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  listSilences: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Silences'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  addSilence: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SilenceInput'];
      };
    };
    responses: {
      /** @description As it was added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Silence'];
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      408: components['responses']['TooSlow'];
      413: components['responses']['TooLarge'];
      414: components['responses']['AddressTooLong'];
      415: components['responses']['UnsupportedMediaType'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  endSilence: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description The `id` that the list of them gives. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is no body. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  streamCounts: {
    parameters: {
      query?: {
        /** @description Dimensions, separated by commas: service, environment, route, method, status, cause, fault, scheme, error_code, signature. Empty: all of it as one. */
        by?: components['parameters']['by'];
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Events, until somebody leaves. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      /** @description The project has as many streams as its share of what the process holds; come again after Retry-After seconds. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  getTop: {
    parameters: {
      query?: {
        /** @description Dimensions, separated by commas: service, environment, route, method, status, cause, fault, scheme, error_code, signature. Empty: all of it as one. */
        by?: components['parameters']['by'];
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description How many at most, 1 to 1000. */
        limit?: components['parameters']['limit'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description End, excluded. */
        to?: components['parameters']['to'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Top'];
          'text/csv': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
  getTrends: {
    parameters: {
      query?: {
        /** @description Dimensions, separated by commas: service, environment, route, method, status, cause, fault, scheme, error_code, signature. Empty: all of it as one. */
        by?: components['parameters']['by'];
        /** @description Cause of the catalogue, such as expired_token. Repeatable: `!value` excludes, `value*` is a prefix. */
        cause?: components['parameters']['cause'];
        /** @description Environment, such as prod. Repeatable: `!value` excludes, `value*` is a prefix. */
        environment?: components['parameters']['environment'];
        /** @description Error code that the service gave. Repeatable: `!value` excludes, `value*` is a prefix. */
        error_code?: components['parameters']['error_code'];
        /** @description Whose fault it is: client, server, network, identity, user, expected or unknown. Repeatable: `!value` excludes, `value*` is a prefix. */
        fault?: components['parameters']['fault'];
        /** @description Start: RFC 3339, epoch, or a span back such as -24h. */
        from?: components['parameters']['from'];
        /** @description How many at most, 1 to 1000. */
        limit?: components['parameters']['limit'];
        /** @description HTTP method. Repeatable: `!value` excludes, `value*` is a prefix. */
        method?: components['parameters']['method'];
        /** @description Route as the service declares it, such as /orders/{id}. Repeatable: `!value` excludes, `value*` is a prefix. */
        route?: components['parameters']['route'];
        /** @description Authentication scheme of the credentials, such as bearer. Repeatable: `!value` excludes, `value*` is a prefix. */
        scheme?: components['parameters']['scheme'];
        /** @description Service that refused. Repeatable: `!value` excludes, `value*` is a prefix. */
        service?: components['parameters']['service'];
        /** @description Id of a signature, 16 hex digits. Repeatable: `!value` excludes, `value*` is a prefix. */
        signature?: components['parameters']['signature'];
        /** @description HTTP status of the refusal. Repeatable: `!value` excludes, `value*` is a prefix. */
        status?: components['parameters']['status'];
        /** @description Width of a point: auto, or a duration such as 1m, 1h or 1d. */
        step?: string;
        /** @description End, excluded. */
        to?: components['parameters']['to'];
        /** @description rate: refusals divided by requests of any status, of the same service, environment and route as far as `by` and filters name them; nothing else is known of requests. */
        unit?: 'count' | 'rate';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was asked for. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Trends'];
          'text/csv': string;
        };
      };
      400: components['responses']['InvalidInput'];
      401: components['responses']['Unauthenticated'];
      403: components['responses']['Forbidden'];
      405: components['responses']['MethodNotAllowed'];
      414: components['responses']['AddressTooLong'];
      417: components['responses']['ExpectationFailed'];
      421: components['responses']['Misdirected'];
      429: components['responses']['TooManyGuesses'];
      431: components['responses']['HeadersTooLarge'];
      500: components['responses']['InternalError'];
      503: components['responses']['Unavailable'];
    };
  };
}
