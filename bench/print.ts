/** What all benches print alike: the machine, tables, shares. */
import { cpus, totalmem } from 'node:os';

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Figures mean nothing without it. */
export function machine(): string {
  const [cpu] = cpus();
  return `${String(cpus().length)} x ${cpu?.model.trim() ?? 'unknown CPU'}, ${String(Math.round(totalmem() / 1024 ** 3))} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

export function sayMachine(): void {
  say(machine());
}

/** On one line of a terminal, on lines of their own elsewhere; an empty text ends it. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
  else if (text !== '') process.stderr.write(`${text}\n`);
}

export function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** Figures stand to the right. */
export function table(head: string[], rows: (string | number)[][]): void {
  const texts = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  texts.forEach((row, index) => {
    say(
      row
        .map((text, column) =>
          index > 0 && column > 0 && /^\d/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    );
    if (index === 0) say(widths.map((width) => '-'.repeat(width)).join('  '));
  });
}
