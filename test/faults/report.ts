/** What a run found: the table of faults, special cases, the balance and alerts, and whether all of it is as promised. */
import { styleText } from 'node:util';
import { say, table } from '../../bench/print.js';
import type { Balance } from './balance.js';
import { KINDS, type Fault } from './faults.js';
import type { QueueKind } from './parts.js';

/** Of the promise: back to the full rate after a part's return. */
const BACK_WITHIN_SECONDS = 10;
const MAX_NAMED = 20;

export interface SpecialCase {
  name: string;
  found: string;
  /** Undefined for one that could not be run here. */
  isRight: boolean | undefined;
}

export class Report {
  balance: Balance | undefined;
  /** By service, as `/v1/top` has it. */
  top = new Map<string, number>();
  /** Records of planted spikes. */
  planted = 0;
  alerts: { told: string[]; expected: string[]; received: number } = { told: [], expected: [], received: 0 };
  /** Of senders, with answers that no fault explains. */
  troubles: readonly string[] = [];
  private readonly faults: { fault: Fault; awaySeconds: number; backSeconds: number }[] = [];
  private readonly cases: SpecialCase[] = [];

  constructor(readonly queue: QueueKind) {}

  add(fault: Fault, awaySeconds: number, backSeconds: number): void {
    this.faults.push({ fault, awaySeconds, backSeconds });
  }

  addCase(found: SpecialCase): void {
    this.cases.push(found);
  }

  progress(at: number, of: number, { part, kind, forMs }: Fault): void {
    this.step(`fault ${String(at)} of ${String(of)}: ${part} ${kind} for ${(forMs / 1_000).toFixed(1)} s`);
  }

  step(text: string): void {
    const line = `${Math.round(performance.now() / 1_000)
      .toString()
      .padStart(4)} s  queue in ${this.queue}, ${text}`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }

  print(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    say(`\nQueue in ${this.queue}`);
    const parts = [...new Set(this.faults.map(({ fault: { part } }) => part))].sort();
    const rows = parts.flatMap((part) => KINDS.map((kind) => this.row(part, kind)));
    table(
      ['part', 'fault', 'times', 'seconds away', 'back at full rate after, median', 'at most'],
      rows.filter(([, , times]) => times !== 0),
    );
    if (this.cases.length > 0) {
      say('');
      table(
        ['special case', '', 'what happened'],
        this.cases.map(({ name, found, isRight }) => [name, isRight === undefined ? 'not run' : mark(isRight), found]),
      );
    }
    this.printBalance();
  }

  get worstBack(): number {
    return Math.max(0, ...this.faults.map(({ backSeconds }) => backSeconds));
  }

  get count(): number {
    return this.faults.length;
  }

  /** What is not as promised, in words. */
  get problems(): string[] {
    const { balance, alerts } = this;
    if (balance === undefined) return ['the run did not come to its end'];
    return [
      ...this.troubles,
      ...told('lost', balance.lost),
      ...told('counted twice', balance.twice),
      ...told('counted though never sent', balance.neverSent),
      ...(JSON.stringify(alerts.told) === JSON.stringify(alerts.expected)
        ? []
        : [`alerts: ${alerts.told.join(', ') || 'none'}; without faults: ${alerts.expected.join(', ') || 'none'}`]),
      ...[...balance.byService]
        .filter(([service, count]) => this.top.get(service) !== count)
        .map(([service, count]) => `/v1/top has ${String(this.top.get(service))} of ${service}, the database ${String(count)}`),
      ...(this.plantedCounted === this.planted
        ? []
        : [`${String(this.plantedCounted)} records of planted spikes are counted, ${String(this.planted)} were acknowledged`]),
      ...this.cases.filter(({ isRight }) => isRight === false).map(({ name, found }) => `${name}: ${found}`),
    ];
  }

  /** @returns whether all is as promised */
  static conclude(reports: readonly Report[], seed: number): boolean {
    const problems = reports.flatMap((report) => report.problems.map((problem) => `queue in ${report.queue}: ${problem}`));
    const faults = reports.reduce((sum, { count }) => sum + count, 0);
    const sum = (of: (balance: Balance) => number): number =>
      reports.reduce((total, { balance }) => total + (balance === undefined ? 0 : of(balance)), 0);
    const worst = Math.max(...reports.map(({ worstBack }) => worstBack));
    say('');
    say(
      `${String(faults)} faults (seed ${String(seed)}), ${String(sum(({ acknowledged }) => acknowledged))} ids acknowledged: ${String(sum(({ lost }) => lost.length))} lost, ${String(sum(({ twice }) => twice.length))} counted twice`,
    );
    say(
      `back at full rate within ${worst.toFixed(1)} s of a part's return (${String(BACK_WITHIN_SECONDS)} s promised)  ${mark(worst <= BACK_WITHIN_SECONDS)}`,
    );
    for (const problem of problems) say(`${mark(false)}  ${problem}`);
    say(problems.length === 0 ? mark(true) : `${String(problems.length)} problems`);
    return problems.length === 0;
  }

  private get plantedCounted(): number {
    return [...(this.balance?.byService ?? [])].reduce((sum, [service, count]) => sum + (service.startsWith('planted-') ? count : 0), 0);
  }

  private row(part: string, kind: string): (string | number)[] {
    const these = this.faults.filter(({ fault }) => fault.part === part && fault.kind === kind);
    const backs = these.map(({ backSeconds }) => backSeconds).sort((a, b) => a - b);
    const aways = these.map(({ awaySeconds }) => awaySeconds).sort((a, b) => a - b);
    const span = `${(aways[0] ?? 0).toFixed(1)} to ${(aways.at(-1) ?? 0).toFixed(1)}`;
    return [
      part,
      kind,
      these.length,
      span,
      `${(backs[Math.floor(backs.length / 2)] ?? 0).toFixed(1)} s`,
      `${(backs.at(-1) ?? 0).toFixed(1)} s`,
    ];
  }

  private printBalance(): void {
    const { balance, alerts } = this;
    if (balance === undefined) return;
    say('');
    table(
      ['balance', 'ids'],
      [
        ['sent', balance.sent],
        ['acknowledged', balance.acknowledged],
        ['of them counted once', balance.acknowledged - balance.lost.length - balance.twice.length],
        ['of them lost', balance.lost.length],
        ['counted twice', balance.twice.length],
        ['given up by a sender that tries once', balance.unacknowledged],
        ['of them counted all the same', balance.countedUnacknowledged],
        ['counted though never sent', balance.neverSent.length],
      ],
    );
    say(`alerts: ${alerts.told.join(', ')}; ${String(alerts.received)} messages`);
  }
}

function told(what: string, keys: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const more = keys.length > MAX_NAMED ? `, and ${String(keys.length - MAX_NAMED)} more` : '';
  return [`${String(keys.length)} ids ${what}: ${keys.slice(0, MAX_NAMED).join(', ')}${more}`];
}

function mark(isRight: boolean): string {
  const text = isRight ? 'ok' : 'FAILED';
  const isPlain = !process.stdout.isTTY || process.env['NO_COLOR'] !== undefined;
  return isPlain ? text : styleText(isRight ? 'green' : 'red', text);
}
