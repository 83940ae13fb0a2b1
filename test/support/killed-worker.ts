/**
 * A worker process that dies at the worst moment: its transaction is committed, the queue has not heard of it.
 * Arguments: database URL, Redis URL or "-".
 */
import { ClassifyWorker } from '../../src/classify/classify-worker.js';
import { BatchQueue } from '../../src/queue/batch-queue.js';
import { RuleBook } from '../../src/teach/rule-book.js';
import { TeachingStore } from '../../src/store/teaching-store.js';
import { CountStore } from '../../src/store/count-store.js';
import { openDatabase } from '../../src/store/database.js';
import { quietEvents, RETENTION } from './service.js';

const [databaseUrl = '', redisUrl = '-'] = process.argv.slice(2);
const database = await openDatabase(databaseUrl, () => undefined);
const queue = await BatchQueue.open({ databaseUrl, redisUrl: redisUrl === '-' ? undefined : redisUrl, onError: () => undefined });
const worker = new ClassifyWorker(queue, new CountStore(database, RETENTION), new RuleBook(new TeachingStore(database)), quietEvents());
queue.consume({
  process: async (payload) => {
    await worker.process(payload);
    process.kill(process.pid, 'SIGKILL');
  },
  onRetry: () => undefined,
  onFailed: () => undefined,
  lockMs: 1_000,
});
