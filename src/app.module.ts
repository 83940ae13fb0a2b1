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
import { Classifier, type JudgeSignature } from './ingest/classifier.js';
import { Intake } from './ingest/intake.js';
import { OwnRefusals } from './ingest/own-refusals.js';
import { LogsIntake } from './ingest/logs-intake.js';
import { pseudonyms } from './ingest/pseudonyms.js';
import { Receiver } from './ingest/receiver.js';
import { KeysController } from './keys/keys.controller.js';
import { SessionController } from './keys/session.controller.js';
import { Access } from './ops/access.js';
import { Events } from './ops/events.js';
import { HealthChecks, type PartHealth } from './ops/health.js';
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
import { ABOUT, RETENTION } from './query/tokens.js';
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
import { DataSource, durability, replication } from './store/database.js';
import { Disk } from './store/disk.js';
import { EndpointStore } from './store/endpoint-store.js';
import { KeyStore } from './store/key-store.js';
import { maintain, type Upkeep } from './store/maintenance.js';
import { QueueTable } from './store/queue-table.js';
import { RollupStore } from './store/rollup-store.js';
import { Settling } from './store/settling.js';
import { fullProjects } from './store/signature-cap.js';
import { TeachingStore } from './store/teaching-store.js';
import { Rejudging } from './teach/rejudge.js';
import { RuleBook } from './teach/rule-book.js';
import { RulesController } from './teach/rules.controller.js';
import { SignatureCauseController } from './teach/signature-cause.controller.js';

export interface Foundation {
  config: Config;
  database: DataSource;
  /** What questions are asked of: a replica, or the same. */
  reader: DataSource;
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
  access: Access;
  /** Every process has refusals of its own. */
  intake: Intake;
  own: OwnRefusals;
  /** Role `api`. */
  classifier?: Classifier;
  /** Role `ingest`. */
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
  const { config, database, reader, queue, events, metrics, hashKey } = foundation;
  const teaching = new TeachingStore(database);
  const book = new RuleBook(teaching, (id, problem) => {
    events.ruleUnusable(id, problem);
  });
  const gate = config.roles.includes('ingest') ? gateOf(foundation) : undefined;
  const intake = new Intake(queue, events, {
    ...{ retention: config.retention, pseudonym: pseudonyms(hashKey) },
    ...{ mayTake: () => gate?.reason, pauseMs: () => gate?.pauseMs ?? 0 },
  });
  const own = new OwnRefusals(intake, events);
  const access = accessOf(foundation, own);
  const stages: Stages = { health: new HealthChecks(), teaching, book, live: LiveCounts.of(reader), access, intake, own };
  stages.health.add('database', async () => {
    await database.query('SELECT 1');
    return { status: 'ok' };
  });
  if (reader !== database) stages.health.add('replica', () => replication(reader));
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
  if (gate !== undefined) {
    stages.gate = gate;
    stages.logs = new LogsIntake(intake);
    stages.receiver = new Receiver(stages.logs, access, events);
    gate.start();
    stages.alive = new AliveNotes(new AlertRuleStore(database), () => gate.reason === undefined, events);
    stages.alive.start();
    stages.health.add('intake', () => Promise.resolve(gate.health()));
  }
  if (config.roles.includes('worker')) {
    const rejudging = new Rejudging(teaching, book, events);
    stages.rejudging = rejudging;
    stages.worker = new ClassifyWorker(queue, new CountStore(database, config.retention, config.maxSignatures), book, events);
    stages.maintenance = maintenanceOf(foundation, stages.health);
    stages.health.add('signatures', () => varietyOf(foundation));
    stages.worker.start();
    for (const loop of stages.maintenance) loop.start();
    rejudging.start();
    stages.health.add('verdicts', () => Promise.resolve(rejudging.health()));
    metrics.gauge('why401_signatures_to_rejudge', 'Signatures that wait for a verdict by the rules that hold now', () => rejudging.pending);
  }
  if (config.roles.includes('api')) {
    const judgeOf = async (projectId: number): Promise<JudgeSignature> => {
      const page = await book.page(projectId);
      return (signature) => page.judge(signature);
    };
    stages.classifier = new Classifier(judgeOf, access, events);
  }
  startAlerts(foundation, stages);
  return stages;
}

function gateOf({ queue, events }: Foundation): QueueGate {
  return new QueueGate(queue, (problem) => {
    events.intakeClosed(problem);
  });
}

function accessOf({ config, database, events }: Foundation, own: OwnRefusals): Access {
  return new Access({
    ...{ keys: new KeyStore(database), events },
    isRequired: config.auth === 'required' || !isOnLoopback(config),
    onDenied: (asking, denial) => {
      own.note(asking, denial);
    },
  });
}

async function varietyOf({ config, database }: Foundation): Promise<PartHealth> {
  const full = await fullProjects(database, new Date().toISOString().slice(0, 10), config.maxSignatures);
  if (full.length === 0) return { status: 'ok' };
  const most = String(config.maxSignatures);
  return {
    status: 'warning',
    detail: `project ${full.join(', ')} had ${most} new signatures today: further ones are counted as __other__. Look for a sender whose routes or reasons are made up, or raise WHY401_MAX_SIGNATURES`,
  };
}

const MAINTENANCE_MS = 60_000;
/** What is not packed yet costs every question, and what is not settled space. */
const PACKING_MS = 5_000;
const CLEARING_MS = 1_000;

function maintenanceOf({ config, database, queue, events, metrics }: Foundation, health: HealthChecks): MaintenanceLoop[] {
  // Of a server elsewhere nobody here sees the disk.
  const disk = config.databaseUrl === undefined ? Disk.of(config.retention, config.dataDir) : undefined;
  if (disk !== undefined) health.add('disk', () => Promise.resolve(disk.health()));
  const rollups = new RollupStore(database, config.retention);
  metrics.gauge('why401_rollups_behind_seconds', 'How long ago the last bucket that is rolled up was over, ten seconds or wider', () =>
    rollups.behind().catch(() => undefined),
  );
  const upkeep = async (): Promise<Upkeep> => ({ retention: config.retention, nowMs: Date.now(), queueAgeMs: await queue.ageMs() });
  const maintaining = async (): Promise<void> => {
    if (config.redisUrl === undefined) await bringBackFutureTimes(database);
    const report = await maintain(database, { ...(await upkeep()), retention: (await disk?.kept()) ?? config.retention });
    if (report !== undefined) events.maintained(report);
  };
  const settling = new Settling(database, config.retention);
  const settle = async (): Promise<void> => {
    await settling.settle(await upkeep());
  };
  const packing = async (): Promise<void> => {
    await rollups.pack(await upkeep());
  };
  const loops = [
    new MaintenanceLoop(maintaining, MAINTENANCE_MS, events),
    new MaintenanceLoop(settle, PACKING_MS, events),
    new MaintenanceLoop(packing, PACKING_MS, events),
  ];
  if (config.redisUrl !== undefined) return loops;
  const table = new QueueTable(database);
  return [...loops, new MaintenanceLoop(() => table.clear(), CLEARING_MS, events)];
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
      renew: () => alerts.renewLease(holder),
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
  stages.access.stop();
  await stages.own.stop();
  await stages.intake.drain();
  await stages.worker?.stop();
  for (const loop of stages.maintenance ?? []) await loop.stop();
  await stages.rejudging?.stop();
  await stages.alerts?.stop();
}

@Module({})
export class AppModule {
  static of({ config, database, reader, queue, metrics }: Foundation, { health, teaching, book, live, access }: Stages): DynamicModule {
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
          KeysController,
          SessionController,
        ]
      : [];
    return {
      module: AppModule,
      controllers: [OperationsController, ...api],
      providers: [
        { provide: DataSource, useValue: reader },
        { provide: BatchQueue, useValue: queue },
        { provide: Access, useValue: access },
        { provide: KeyStore, useValue: new KeyStore(database) },
        { provide: HealthChecks, useValue: health },
        { provide: Metrics, useValue: metrics },
        { provide: TeachingStore, useValue: teaching },
        { provide: RuleBook, useValue: book },
        { provide: LiveCounts, useValue: live },
        { provide: RETENTION, useValue: config.retention },
        { provide: ABOUT, useValue: aboutOf(config) },
        { provide: ChangeQueries, useValue: new ChangeQueries(reader) },
        { provide: AlertCounts, useValue: new AlertCounts(reader, config.retention) },
        { provide: AlertRuleStore, useValue: new AlertRuleStore(database) },
        { provide: AlertStore, useValue: new AlertStore(database) },
        { provide: EndpointStore, useValue: new EndpointStore(database) },
        { provide: WebhookClient, useValue: webhookClient(config) },
      ],
    };
  }
}
