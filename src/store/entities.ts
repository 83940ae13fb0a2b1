/** The rows that are read and written as objects. Counts are not among them: they go in and out by the thousand, in SQL. */
import { memo } from '../core/memo.js';
import { Column, Entity, In, PrimaryColumn, type DataSource } from 'typeorm';
import type { CauseId, Fault } from '../core/causes.js';
import type { Finding } from '../core/findings.js';
import type { Evidence, Verdict } from '../core/judge.js';
import type { Signature, SignatureFacts } from '../core/signature.js';

@Entity({ name: 'projects' })
export class ProjectRow {
  @PrimaryColumn('integer') id!: number;
  @Column('text') name!: string;
}

@Entity({ name: 'signatures' })
export class SignatureRow {
  @PrimaryColumn('integer', { name: 'project_id' }) projectId!: number;
  /** Signed 64-bit, as decimal text. `idToHex` gives the public form. */
  @PrimaryColumn('bigint') id!: string;
  @Column('text') service!: string;
  @Column('text') environment!: string;
  @Column('text') route!: string;
  @Column('text') method!: string;
  @Column('smallint') status!: number;
  @Column('text') scheme!: string;
  @Column('text') challenge!: string;
  @Column('text', { name: 'error_code' }) errorCode!: string;
  @Column('text') template!: string;
  @Column('jsonb') facts!: SignatureFacts;
  @Column('text') cause!: string;
  @Column('text') fault!: string;
  @Column('real') confidence!: number;
  @Column('jsonb') evidence!: Evidence[];
  @Column('text', { array: true }) also!: string[];
  @Column('jsonb') findings!: Finding[];
  /** Findings that the signature could have shown. */
  @Column('text', { array: true }) observable!: string[];
  /** Set by a user for this signature; wins over every rule. */
  @Column('text', { name: 'taught_cause', nullable: true }) taughtCause!: CauseId | null;
  @Column('integer', { name: 'rule_set_version' }) ruleSetVersion!: number;
  @Column('integer', { name: 'rules_revision' }) rulesRevision!: number;
  @Column('timestamptz', { name: 'first_seen' }) firstSeen!: Date;
  @Column('timestamptz', { name: 'last_seen' }) lastSeen!: Date;
  /** When it was last counted again after a day or more without it, and for how long it had been away. */
  @Column('timestamptz', { name: 'returned_at', nullable: true }) returnedAt!: Date | null;
  @Column('integer', { name: 'quiet_seconds', nullable: true }) quietSeconds!: number | null;
  /** Of one of the last occurrences. */
  @Column('text', { name: 'last_trace_id', nullable: true }) lastTraceId!: string | null;

  /** The part that the judge sees. */
  signature(): Signature {
    const { service, environment, route, method, status, challenge, errorCode, template, facts } = this;
    return {
      service,
      environment,
      route,
      method,
      status,
      scheme: this.scheme as Signature['scheme'],
      challenge,
      errorCode,
      template,
      facts,
    };
  }
}

/** The verdict that stands on a row. */
export function verdictOf({ cause, fault, confidence, evidence, also }: SignatureRow): Verdict {
  return { cause: cause as CauseId, fault: fault as Fault, confidence, evidence, also: also as CauseId[] };
}

/** Public form of a signature id: 16 hex digits. */
export function idToHex(id: string): string {
  return BigInt.asUintN(64, BigInt(id)).toString(16).padStart(16, '0');
}

/** As decimal text. @param hex 16 hex digits */
export const idFromHex = memo((hex: string) => BigInt.asIntN(64, BigInt(`0x${hex}`)).toString(), { entries: 10_000 });

/** In the order given, without those that are gone. @param ids decimal texts */
export async function loadSignatures(database: DataSource, projectId: number, ids: readonly string[]): Promise<SignatureRow[]> {
  const rows = await database.getRepository(SignatureRow).findBy({ projectId, id: In([...ids]) });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
