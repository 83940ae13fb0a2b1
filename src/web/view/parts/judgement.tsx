/** What the service thinks of a refusal, in pieces: evidence, findings, advice. Signatures and the playground show the same. */
import type { JSX } from 'preact';
import { words } from '../../model/text.js';
import type { Judgement, Signature } from '../api.js';
import { Severity } from './badges.js';
import { Empty } from './states.js';

export function EvidenceTable({ evidence }: Pick<Judgement, 'evidence'>): JSX.Element {
  if (evidence.length === 0) return <Empty title="Nothing speaks for a cause" />;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Evidence, table">
      <table class="stacks">
        <caption class="hidden">Evidence</caption>
        <thead>
          <tr>
            <th scope="col">In</th>
            <th scope="col">Found</th>
            <th scope="col">Rule</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map(({ field, matched, rule }) => (
            <tr key={field + matched + rule}>
              <td>{field}</td>
              <td class="breaks">{matched}</td>
              <td class="breaks quiet-text">{rule}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function FindingLines({ findings }: { findings: readonly Judgement['findings'][number][] }): JSX.Element {
  if (findings.length === 0) return <Empty title="Nothing was found">Only what was captured can show a finding.</Empty>;
  return (
    <ul class="finding-lines">
      {findings.map(({ id, severity, detail, reference }) => (
        <li key={id}>
          <Severity severity={severity} />
          <div>
            <b>{words(id)}</b>
            <p>{detail}</p>
            <p class="quiet-text">{reference}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const SIDES = [
  ['user', 'For the person'],
  ['client', 'For the client'],
  ['server', 'For the server'],
] as const;

/** Lists by side; a side may be missing. */
type Advice = Partial<Record<keyof Signature['advice'], readonly string[] | undefined>>;

export function AdviceLists({ advice }: { advice: Advice }): JSX.Element {
  const sides = SIDES.filter(([side]) => (advice[side] ?? []).length > 0);
  if (sides.length === 0) return <Empty title="No advice" />;
  return (
    <>
      {sides.map(([side, title]) => (
        <div class="advice" key={side}>
          <h3>{title}</h3>
          <ul>
            {(advice[side] ?? []).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}
