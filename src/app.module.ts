/**
 * The map: every stage wired once, in the order in which a record flows. `startStages` builds what this process's
 * roles need, `stopStages` ends it from the front to the back, and AppModule hands the parts to the controllers.
 */
import { Module, type DynamicModule } from '@nestjs/common';
import { ClassifyWorker } from './classify/classify-worker.js';
import { MaintenanceLoop } from './classify/maintenance-loop.js';
import type { Config } from './config.js';
import { RULE_SET_VERSION } from './core/rules/index.js';
import { Intake } from './ingest/intake.js';
import { Receiver } from './ingest/receiver.js';
import { Events } from './ops/events.js';
import { HealthChecks } from './ops/health.js';
import { Metrics } from './ops/metrics.js';
import { OperationsController } from './ops/operations.controller.js';
import { CausesController } from './query/causes.controller.js';
import { SignaturesController } from './query/signatures.controller.js';
import { RETENTION } from './query/tokens.js';
import { TrendsController } from './query/trends.controller.js';
import { BatchQueue } from './queue/batch-queue.js';
import { FailedBatchesController } from './queue/failed-batches.controller.js';
import { CountStore } from './store/count-store.js';
import { DataSource, durability } from './store/database.js';
import { maintain } from './store/maintenance.js';

export interface Foundation {
  config: Config;
  database: DataSource;
  queue: BatchQueue;
  events: Events;
  metrics: Metrics;
}

export interface Stages {
  health: HealthChecks;
  /** Role `ingest`. */
  intake?: Intake;
  receiver?: Receiver;
  /** Role `worker`. */
  worker?: ClassifyWorker;
  maintenance?: MaintenanceLoop;
}

export function startStages({ config, database, queue, events, metrics }: Foundation): Stages {
  const stages: Stages = { health: new HealthChecks() };
  stages.health.add('database', async () => {
    await database.query('SELECT 1');
    return { status: 'ok' };
  });
  stages.health.add('queue', () => queue.health());
  if (config.redisUrl === undefined) stages.health.add('durability', () => durability(database));
  metrics.gauge('why401_queue_batches', 'Batches not yet counted', () => queue.depth().catch(() => undefined));
  metrics.gauge('why401_failed_batches', 'Batches that failed for good and are kept', () => queue.failedCount().catch(() => undefined));
  if (config.roles.includes('ingest')) {
    stages.intake = new Intake(queue, events, config.retention);
    stages.receiver = new Receiver(stages.intake, events);
  }
  if (config.roles.includes('worker')) {
    stages.worker = new ClassifyWorker(queue, new CountStore(database, config.retention, RULE_SET_VERSION), events);
    stages.maintenance = new MaintenanceLoop(() => maintain(database, config.retention, Date.now()), events);
    stages.worker.start();
    stages.maintenance.start();
  }
  return stages;
}

/** Call it once no more requests come in. */
export async function stopStages(stages: Stages): Promise<void> {
  await stages.intake?.drain();
  await stages.worker?.stop();
  await stages.maintenance?.stop();
}

@Module({})
export class AppModule {
  static of({ config, database, queue, metrics }: Foundation, { health }: Stages): DynamicModule {
    const api = config.roles.includes('api') ? [TrendsController, SignaturesController, CausesController, FailedBatchesController] : [];
    return {
      module: AppModule,
      controllers: [OperationsController, ...api],
      providers: [
        { provide: DataSource, useValue: database },
        { provide: BatchQueue, useValue: queue },
        { provide: HealthChecks, useValue: health },
        { provide: Metrics, useValue: metrics },
        { provide: RETENTION, useValue: config.retention },
      ],
    };
  }
}
