/**
 * Answers questions on snapshots of the database: all queries of one answer see the same. Few snapshots are open at a time; questions
 * that wait for one share it, one after the other. It begins after the last of them was asked, so that nobody is told less than was
 * counted by then, and what one has read the next ones need not read again: the more ask at once, the less each costs.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { ProblemError } from '../ops/problem.js';
import { CountQueries } from './count-queries.js';
import { RolledUpQueries } from './rolled-up-queries.js';
import { RollupMemory } from './rollup-reader.js';

/** Whoever asked has gone away by then, and a question that takes longer takes the database from the workers. */
const QUERY_TIMEOUT_MS = 10_000;
/** More at once would only make each answer take longer: one thread makes them all. */
const MAX_AT_ONCE = 2;
/** Beside those that have taken long, which wait for PostgreSQL: nobody is to stand behind them alone. */
const LONG_MS = 1_000;
/** Of ten connections that a process has: workers, packing and alerts need some too. Whoever is answered must not ask in between. */
const MAX_OPEN = 4;
/** A slow question keeps the ones behind it waiting. */
const MAX_SHARING = 8;
const MAX_WAITING = 1_000;
const RETRY_AFTER_SECONDS = 5;

type Read<T> = (queries: CountQueries, transaction: EntityManager) => Promise<T>;

interface Question {
  timeoutMs: number;
  answer: (queries: CountQueries, transaction: EntityManager) => Promise<void>;
  fail: (error: unknown) => void;
}

const known = new WeakMap<DataSource, Snapshots>();

/**
 * All queries of one answer, on one snapshot: the parts of a chart add up to its total while records come in.
 * @param timeoutMs of each statement; one that takes longer fails with PostgreSQL's 57014
 * @throws ProblemError 503 where too many wait already
 */
export function onSnapshot<T>(database: DataSource, read: Read<T>, timeoutMs = QUERY_TIMEOUT_MS): Promise<T> {
  const snapshots = known.get(database) ?? new Snapshots(database);
  known.set(database, snapshots);
  return snapshots.ask(read, timeoutMs);
}

class Snapshots {
  /** What was read of a database stays with it. */
  private readonly memory = new RollupMemory();
  private open = 0;
  /** Of the open ones. */
  private long = 0;
  private readonly waiting: Question[] = [];

  constructor(private readonly database: DataSource) {}

  ask<T>(read: Read<T>, timeoutMs: number): Promise<T> {
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const answer: Question['answer'] = async (queries, transaction) => {
        resolve(await read(queries, transaction));
      };
      this.waiting.push({ timeoutMs, answer, fail: reject });
      this.next();
    });
  }

  private next(): void {
    if (this.open - this.long >= MAX_AT_ONCE || this.open >= MAX_OPEN || this.waiting.length === 0) return;
    this.open += 1;
    const questions = this.waiting.splice(0, MAX_SHARING);
    let isLong = false;
    const timer = setTimeout(() => {
      isLong = true;
      this.long += 1;
      this.next();
    }, LONG_MS);
    void this.answer(questions)
      .catch((error: unknown) => {
        for (const { fail } of questions.splice(0)) fail(error);
      })
      .finally(() => {
        clearTimeout(timer);
        this.open -= 1;
        if (isLong) this.long -= 1;
        // A failed statement ends its transaction: who stood behind it is next.
        this.waiting.unshift(...questions);
        this.next();
      });
  }

  /** Takes away the ones that are answered. */
  private async answer(questions: Question[]): Promise<void> {
    const runner = this.database.createQueryRunner();
    try {
      let timeoutMs = questions[0]?.timeoutMs ?? QUERY_TIMEOUT_MS;
      // In one message: each costs as much as a small query.
      await runner.query(`BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = ${String(timeoutMs)}`);
      const queries = new CountQueries(runner.manager, new RolledUpQueries(runner.manager, this.memory));
      for (let question = questions.shift(); question !== undefined; question = questions.shift()) {
        if (question.timeoutMs !== timeoutMs) await runner.query(`SET LOCAL statement_timeout = ${String(question.timeoutMs)}`);
        timeoutMs = question.timeoutMs;
        const isUsable = await question.answer(queries, runner.manager).then(() => true, failed(question));
        if (!isUsable) return;
      }
    } finally {
      try {
        await runner.query('ROLLBACK');
      } finally {
        await runner.release();
      }
    }
  }
}

/** @returns that the snapshot cannot be used for others */
function failed({ fail }: Question): (error: unknown) => boolean {
  return (error) => {
    fail(error);
    return false;
  };
}

function tooMany(): ProblemError {
  return new ProblemError(503, `more than ${String(MAX_WAITING)} questions wait for an answer; ask fewer at once`, undefined, {
    'Retry-After': String(RETRY_AFTER_SECONDS),
  });
}
