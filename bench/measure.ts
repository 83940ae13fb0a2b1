/** What a service costs while it is under load, all its processes counted: Node, PostgreSQL, Redis; never the load generator. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { App } from '../test/support/app.js';
import type { Load, LoadResult } from './load.js';

const LOAD = fileURLToPath(new URL('./load.js', import.meta.url));
/** Kernel clock ticks in /proc/<pid>/stat, on every Linux of today. */
const TICKS_PER_SECOND = 100;
const MIB = 1024 * 1024;
const WATCH_MS = 200;
const COUNTED_MS = 60_000;
const PROBE = 'bench-probe';
const PROBE_POLL_MS = 250;

export interface Measured {
  sent: number;
  /** Acknowledged, behind the first second. */
  recordsPerSecond: number;
  recordsPerCpuSecond: number;
  /** Until the last one is visible, with asking for it. */
  cpuMsPerSecond: number;
  ackP50Ms: number;
  ackP99Ms: number;
  firstSecondAckP99Ms: number;
  /** Sent to visible in /v1/trends: the longest of single records, one after another beside the load, to a quarter of a second. */
  longestFreshMs: number;
  /** Of the Node process. */
  peakMib: number;
  lastVisibleMs: number;
  failed: number;
  offered: number;
}

/** Of services, by the parent of all that they start. */
export type Processes = () => number[];

/**
 * One load, from its first record until the last one is counted.
 * @throws when a record that was acknowledged is not counted, or one is counted twice
 */
export async function measure(app: App, processes: Processes, load: Load): Promise<Measured> {
  const filter = `&service=${load.service}`;
  const before = await app.total(filter);
  const cpuBefore = cpuSeconds(processes());
  const begunAt = performance.now();
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, rssOf(app.pid))), WATCH_MS);
  const over = new AbortController();
  const probes = probe(app, over.signal);
  const result = await run(load);
  over.abort();
  const acknowledgedAt = performance.now();
  const counted = async (): Promise<number> => (await app.total(filter)) - before;
  while ((await counted()) < result.refusals && performance.now() - acknowledgedAt < COUNTED_MS) await sleep(20);
  const lastVisibleMs = performance.now() - acknowledgedAt;
  const cpu = cpuSeconds(processes()) - cpuBefore;
  const cpuMsPerSecond = (1_000_000 * cpu) / (performance.now() - begunAt);
  clearInterval(watch);
  // A request whose connection broke may be counted too: nobody was told of it.
  const total = await counted();
  if (total < result.refusals || total > result.refusals + result.failedRefusals)
    throw new Error(
      `${String(result.refusals)} refusals were acknowledged, ${String(total)} counted, ${String(result.failed)} records refused`,
    );
  return {
    sent: result.sent,
    recordsPerSecond: result.recordsPerSecond,
    recordsPerCpuSecond: result.sent / cpu,
    cpuMsPerSecond,
    ackP50Ms: percentile(result.acknowledged, 0.5),
    ackP99Ms: percentile(result.acknowledged, 0.99),
    firstSecondAckP99Ms: percentile(result.first, 0.99),
    longestFreshMs: (await probes).at(-1) ?? NaN,
    peakMib: peak / MIB,
    lastVisibleMs,
    failed: result.failed,
    offered: (result.sent + result.failed + result.unsent) / result.seconds,
  };
}

/** The load alone. */
export async function run(load: Load): Promise<LoadResult> {
  const child = spawn(process.execPath, [LOAD, JSON.stringify(load)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(output) as LoadResult;
}

/** One record after another, each watched until it is visible. @returns milliseconds, sorted */
async function probe(app: App, over: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  const seen = async (): Promise<number> => app.total(`&service=${PROBE}`);
  let visible = await seen();
  const event = JSON.stringify({ service: PROBE, route: '/probe', method: 'GET', status: 401, reason: 'jwt expired' });
  while (!over.aborted) {
    const sentAt = performance.now();
    const response = await app.post('/v1/events', event, { 'content-type': 'application/json' });
    if (!response.ok) {
      await sleep(PROBE_POLL_MS);
      continue;
    }
    while ((await seen()) <= visible) {
      if (performance.now() - sentAt > COUNTED_MS) throw new Error('a record that was acknowledged beside the load did not become visible');
      await sleep(PROBE_POLL_MS);
    }
    visible += 1;
    times.push(performance.now() - sentAt);
  }
  return times.sort((a, b) => a - b);
}

/** CPU time used so far, with that of children that ended. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = statOf(pid);
    // utime, stime, cutime, cstime.
    return sum + [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(fields[field] ?? 0), 0) / TICKS_PER_SECOND;
  }, 0);
}

/** The process itself and its children. */
export function withChildren(parent: number): number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return [parent, ...pids.filter((pid) => Number(statOf(pid)[1]) === parent)];
}

/** What stands behind the name, which may hold anything: state, parent, … Empty for a process that is gone. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

export function rssOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
