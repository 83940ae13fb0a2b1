/**
 * The map: every stage wired once, in the order in which a record flows. `startStages` builds what this process's
 * roles need, `stopStages` ends it from the front to the back, and AppModule hands the parts to the controllers.
 */
import { Module, type DynamicModule } from '@nestjs/common';
import { AlertLoop, AliveNotes } from './alert/alert-loop.js';
import { AlertRulesController } from './alert/alert-rules.controller.js';
import { AlertWriter } from './alert/alert-writer.js';
import { AlertsController } from './alert/alerts.controller.js';
import { Deliverer } from './alert/deliverer.js';
import { EndpointsController } from './alert/endpoints.controller.js';
import { Evaluator } from './alert/evaluator.js';
import { RuleMemory } from './alert/rule-memory.js';
import { SilencesController } from './alert/silences.controller.js';
import { WebhookClient } from './alert/webhook.js';
import { ClassifyWorker } from './classify/classify-worker.js';
import { MaintenanceLoop } from './classify/maintenance-loop.js';
import { baseUrlOf, isOnLoopback, VERSION, type Config } from './config.js';
import { Classifier } from './ingest/classifier.js';
import { Intake } from './ingest/intake.js';
import { LogsIntake } from './ingest/logs-intake.js';
import { pseudonyms } from './ingest/pseudonyms.js';
import { Receiver } from './ingest/receiver.js';
import { Events } from './ops/events.js';
import { HealthChecks } from './ops/health.js';
import { Metrics } from './ops/metrics.js';
import { OperationsController } from './ops/operations.controller.js';
import { randomUUID } from 'node:crypto';
import { AboutController, type About } from './query/about.controller.js';
import { CausesController } from './query/causes.controller.js';
import { CompareController } from './query/compare.controller.js';
import { DimensionsController } from './query/dimensions.controller.js';
import { ExplainController } from './query/explain.controller.js';
import { FacetsController } from './query/facets.controller.js';
import { FindingsController } from './query/findings.controller.js';
import { LiveCounts } from './query/live-counts.js';
import { SamplesController } from './query/samples.controller.js';
import { SignaturesController } from './query/signatures.controller.js';
import { StreamController } from './query/stream.controller.js';
import { ABOUT, DEFAULT_PROJECT, RETENTION } from './query/tokens.js';
import { TrendsController } from './query/trends.controller.js';
import { BatchQueue } from './queue/batch-queue.js';
import type { DeliveryQueue } from './queue/delivery-queue.js';
import { FailedBatchesController } from './queue/failed-batches.controller.js';
import { bringBackFutureTimes } from './queue/future-times.js';
import { QueueGate } from './queue/queue-gate.js';
import { AlertCounts } from './store/alert-counts.js';
import { AlertRuleStore } from './store/alert-rule-store.js';
import { AlertStore } from './store/alert-store.js';
import { ChangeQueries } from './store/change-queries.js';
import { CountStore } from './store/count-store.js';
import { DataSource, durability } from './store/database.js';
import { EndpointStore } from './store/endpoint-store.js';
import { maintain, type Upkeep } from './store/maintenance.js';
import { RollupStore } from './store/rollup-store.js';
import { TeachingStore } from './store/teaching-store.js';
import { Rejudging } from './teach/rejudge.js';
import { RuleBook } from './teach/rule-book.js';
import { RulesController } from './teach/rules.controller.js';
import { SignatureCauseController } from './teach/signature-cause.controller.js';

export interface Foundation {
  config: Config;
  database: DataSource;
  queue: BatchQueue;
  /** Role `alerts`. */
  deliveries: DeliveryQueue | undefined;
  events: Events;
  metrics: Metrics;
  /** Of pseudonyms. */
  hashKey: string;
}

export interface Stages {
  health: HealthChecks;
  teaching: TeachingStore;
  book: RuleBook;
  /** Idle until somebody listens. */
  live: LiveCounts;
  /** Role `api`. */
  classifier?: Classifier;
  /** Role `ingest`. */
  intake?: Intake;
  logs?: LogsIntake;
  receiver?: Receiver;
  gate?: QueueGate;
  /** Role `worker`. */
  worker?: ClassifyWorker;
  maintenance?: MaintenanceLoop[];
  rejudging?: Rejudging;
  /** Role `ingest`. */
  alive?: AliveNotes;
  /** Role `alerts`. */
  alerts?: AlertLoop;
}

export function startStages(foundation: Foundation): Stages {
  const { config, database, queue, events, metrics, hashKey } = foundation;
  const teaching = new TeachingStore(database);
  const book = new RuleBook(teaching, (id, problem) => {
    events.ruleUnusable(id, problem);
  });
  const stages: Stages = { health: new HealthChecks(), teaching, book, live: LiveCounts.of(database) };
  stages.health.add('database', async () => {
    await database.query('SELECT 1');
    return { status: 'ok' };
  });
  stages.health.add('queue', () => queue.health());
  if (config.redisUrl === undefined) stages.health.add('durability', () => durability(database));
  metrics.gauge('why401_queue_batches', 'Batches not yet counted', () => queue.depth().catch(() => undefined));
  metrics.gauge('why401_queue_age_seconds', 'How long the oldest batch that is not yet counted has waited', async () =>
    queue.ageMs().then(
      (ageMs) => ageMs / 1000,
      () => undefined,
    ),
  );
  metrics.gauge('why401_failed_batches', 'Batches that failed for good and are kept', () => queue.failedCount().catch(() => undefined));
  if (config.roles.includes('ingest')) {
    const gate = new QueueGate(queue, (problem) => {
      events.intakeClosed(problem);
    });
    stages.gate = gate;
    stages.intake = new Intake(queue, events, { retention: config.retention, pseudonym: pseudonyms(hashKey), mayTake: () => gate.reason });
    stages.logs = new LogsIntake(stages.intake);
    stages.receiver = new Receiver(stages.logs, events);
    gate.start();
    stages.alive = new AliveNotes(new AlertRuleStore(database), () => gate.reason === undefined, events);
    stages.alive.start();
    stages.health.add('intake', () => Promise.resolve(gate.health()));
  }
  if (config.roles.includes('worker')) {
    const rejudging = new Rejudging(teaching, book, events);
    stages.rejudging = rejudging;
    stages.worker = new ClassifyWorker(queue, new CountStore(database, config.retention), book, events);
    stages.maintenance = maintenanceOf(foundation);
    stages.worker.start();
    for (const loop of stages.maintenance) loop.start();
    rejudging.start();
    stages.health.add('verdicts', () => Promise.resolve(rejudging.health()));
    metrics.gauge('why401_signatures_to_rejudge', 'Signatures that wait for a verdict by the rules that hold now', () => rejudging.pending);
  }
  if (config.roles.includes('api')) {
    stages.classifier = new Classifier(async () => {
      const page = await book.page(DEFAULT_PROJECT);
      return (signature) => page.judge(signature);
    }, events);
  }
  startAlerts(foundation, stages);
  return stages;
}

const MAINTENANCE_MS = 60_000;
/** A minute is packed about a minute after it is over; what is not packed yet costs every question. */
const PACKING_MS = 10_000;

function maintenanceOf({ config, database, queue, events, metrics }: Foundation): MaintenanceLoop[] {
  const rollups = new RollupStore(database, config.retention);
  metrics.gauge('why401_rollups_behind_seconds', 'How long ago the last minute that is rolled up was over', () =>
    rollups.behind().catch(() => undefined),
  );
  const upkeep = async (): Promise<Upkeep> => ({ retention: config.retention, nowMs: Date.now(), queueAgeMs: await queue.ageMs() });
  const maintaining = async (): Promise<void> => {
    if (config.redisUrl === undefined) await bringBackFutureTimes(database);
    const report = await maintain(database, await upkeep());
    if (report !== undefined) events.maintained(report);
  };
  const packing = async (): Promise<void> => {
    await rollups.pack(await upkeep());
  };
  return [new MaintenanceLoop(maintaining, MAINTENANCE_MS, events), new MaintenanceLoop(packing, PACKING_MS, events)];
}

function startAlerts({ config, database, queue, deliveries, events }: Foundation, stages: Stages): void {
  if (deliveries === undefined) return;
  const rules = new AlertRuleStore(database);
  const alerts = new AlertStore(database);
  const endpoints = new EndpointStore(database);
  const counts = new AlertCounts(database, config.retention);
  const holder = randomUUID();
  const deliverer = new Deliverer({
    ...{ store: endpoints, queue: deliveries, client: webhookClient(config), events, baseUrl: baseUrlOf(config) },
  });
  const evaluator = new Evaluator({
    ...{ holder, rules, alerts, endpoints, events },
    memory: new RuleMemory({
      ...{ rules, counts, retention: config.retention },
      queueAgeMs: () => queue.ageMs(),
      renew: () => rules.holdLease(holder),
    }),
    writer: new AlertWriter(counts, new ChangeQueries(database), events, baseUrlOf(config)),
    onDeliveries: (ids) => void deliverer.enqueue(ids),
  });
  const loop = new AlertLoop({ evaluator, deliverer, rules, alerts, events });
  stages.alerts = loop;
  stages.health.add('alerts', () => Promise.resolve(loop.health()));
  loop.start();
}

function webhookClient(config: Config): WebhookClient {
  return new WebhookClient({ allowed: config.webhookAllowCidrs, mayUseLoopback: isOnLoopback(config), version: VERSION });
}

function aboutOf({ roles, traceUrl, otlpHttpPort, otlpGrpcPort }: Config): About {
  const port = (given: number): number | null => (roles.includes('ingest') && given !== 0 ? given : null);
  return { version: VERSION, trace_url: traceUrl ?? null, otlp_http_port: port(otlpHttpPort), otlp_grpc_port: port(otlpGrpcPort) };
}

/** Call it once no more requests come in. */
export async function stopStages(stages: Stages): Promise<void> {
  stages.alive?.stop();
  stages.gate?.stop();
  await stages.intake?.drain();
  await stages.worker?.stop();
  for (const loop of stages.maintenance ?? []) await loop.stop();
  await stages.rejudging?.stop();
  await stages.alerts?.stop();
}

@Module({})
export class AppModule {
  static of({ config, database, queue, metrics }: Foundation, { health, teaching, book, live }: Stages): DynamicModule {
    const api = config.roles.includes('api')
      ? [
          TrendsController,
          SignaturesController,
          CausesController,
          FindingsController,
          CompareController,
          DimensionsController,
          FacetsController,
          SamplesController,
          StreamController,
          RulesController,
          SignatureCauseController,
          FailedBatchesController,
          ExplainController,
          AlertRulesController,
          AlertsController,
          EndpointsController,
          SilencesController,
          AboutController,
        ]
      : [];
    return {
      module: AppModule,
      controllers: [OperationsController, ...api],
      providers: [
        { provide: DataSource, useValue: database },
        { provide: BatchQueue, useValue: queue },
        { provide: HealthChecks, useValue: health },
        { provide: Metrics, useValue: metrics },
        { provide: TeachingStore, useValue: teaching },
        { provide: RuleBook, useValue: book },
        { provide: LiveCounts, useValue: live },
        { provide: RETENTION, useValue: config.retention },
        { provide: ABOUT, useValue: aboutOf(config) },
        { provide: ChangeQueries, useValue: new ChangeQueries(database) },
        { provide: AlertCounts, useValue: new AlertCounts(database, config.retention) },
        { provide: AlertRuleStore, useValue: new AlertRuleStore(database) },
        { provide: AlertStore, useValue: new AlertStore(database) },
        { provide: EndpointStore, useValue: new EndpointStore(database) },
        { provide: WebhookClient, useValue: webhookClient(config) },
      ],
    };
  }
}
