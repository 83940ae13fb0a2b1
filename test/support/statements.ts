/** Notes the statements that a process sends to PostgreSQL, and the lines of src/store that send them. */
import { readdirSync, readFileSync } from 'node:fs';
import { DataSource, EntityManager } from 'typeorm';

export interface Sent {
  texts: Set<string>;
  /** As `maintenance.ts:99`. */
  places: Set<string>;
}

const PLACE = /src\/store\/([\w-]+\.(?:ts|js)):(\d+)/;
/** Deeper than anything stands between the store and the driver. */
const STACK = 30;

/** From then on, all of it. @param database any; what others send in this process is noted as well */
export function noteStatements(database: DataSource): Sent {
  const sent: Sent = { texts: new Set(), places: new Set() };
  Error.stackTraceLimit = STACK;
  const runner = database.createQueryRunner();
  for (const prototype of [DataSource.prototype, EntityManager.prototype, Object.getPrototypeOf(runner) as object]) {
    const { query } = prototype as { query: (this: unknown, ...args: unknown[]) => unknown };
    Object.assign(prototype, {
      query(this: unknown, ...args: unknown[]) {
        const place = PLACE.exec(new Error().stack ?? '');
        if (place !== null) sent.places.add(`${place[1] ?? ''}:${place[2] ?? ''}`);
        sent.texts.add(String(args[0]));
        return query.apply(this, args);
      },
    });
  }
  return sent;
}

/** Where the store sends statements, with the line itself. @param but files that are left out */
export function sendingPlaces(directory: string, but: readonly string[]): { place: string; line: string }[] {
  const files = readdirSync(directory).filter((file) => /\.ts$/.test(file) && !file.endsWith('.test.ts') && !but.includes(file));
  return files.flatMap((file) =>
    readFileSync(`${directory}/${file}`, 'utf8')
      .split('\n')
      .flatMap((line, at) => (/\.query(?:<|\()/.test(line) ? [{ place: `${file}:${String(at + 1)}`, line: line.trim() }] : [])),
  );
}
