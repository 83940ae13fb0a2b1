/** What is wrong with the APIs themselves, the gravest first: how to fix it, by which rule, and where. */
import type { JSX } from 'preact';
import { questionOf, type View } from '../../model/place.js';
import { csvOf } from '../../model/csv.js';
import { countText, shareText, words } from '../../model/text.js';
import { api, type Findings } from '../api.js';
import { Severity } from '../parts/badges.js';
import { CopyCurl, saveFile } from '../parts/copy.js';
import { Nothing } from '../parts/nothing.js';
import { Card, Empty, Loaded } from '../parts/states.js';
import { Toolbar } from '../parts/toolbar.js';
import { hrefOf, Link } from '../place.js';
import { useAnswer } from '../use-answer.js';

type Finding = Findings['findings'][number];

export function Audit({ view }: { view: View }): JSX.Element {
  const answer = useAnswer(api.findings(questionOf(view)));
  return (
    <>
      <Toolbar title="Audit" view={view} />
      <Loaded answer={answer} lines={10}>
        {(data) => {
          const found = data.findings.filter(({ count }) => count > 0);
          const well = data.findings.filter(({ count }) => count === 0);
          return (
            <>
              <div class="actions page-actions">
                <Export findings={data} />
                <CopyCurl call={answer.call} of="findings" />
              </div>
              {found.length === 0 && (
                <Card title="Findings">
                  {well.length === 0 ? (
                    <Nothing view={view} title="Nothing to look at in this span" />
                  ) : (
                    <Empty title="Nothing was found">Only what was captured can show a finding: send challenges and headers too.</Empty>
                  )}
                </Card>
              )}
              {found.map((finding) => (
                <FindingCard key={finding.id} finding={finding} view={view} />
              ))}
              {well.length > 0 && <Well findings={well} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Export({ findings }: { findings: Findings }): JSX.Element {
  const rows = (): Record<string, string | number>[] =>
    findings.findings.flatMap(({ id, severity, reference, fix, count: all, places }) =>
      (places.length === 0 ? [{ service: '', route: '', detail: '', count: all }] : places).map(({ service, route, detail, count }) => ({
        ...{ finding: id, severity, count, service, route, detail, fix, reference },
      })),
    );
  return (
    <>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          saveFile('findings.csv', 'text/csv', csvOf(rows()));
        }}
      >
        Export CSV
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          saveFile('findings.json', 'application/json', JSON.stringify(findings, null, 2));
        }}
      >
        Export JSON
      </button>
    </>
  );
}

function FindingCard({ finding, view }: { finding: Finding; view: View }): JSX.Element {
  const { id, severity, reference, fix, count, observable, places } = finding;
  return (
    <section class="card finding" aria-label={words(id)}>
      <div class="card-head">
        <h2>
          <Severity severity={severity} /> {words(id)}
        </h2>
        <span class="quiet-text">
          {countText(count)} of {countText(observable)} that could show it ({shareText(observable === 0 ? 0 : count / observable)})
        </span>
      </div>
      <p>{fix}</p>
      <p class="quiet-text">By {reference}</p>
      <details open={places.length <= 3}>
        <summary>
          Where ({places.length}
          {places.length === 20 ? ' or more' : ''})
        </summary>
        <Places {...{ places, view }} title={words(id)} />
      </details>
    </section>
  );
}

function Places({ places, title, view }: { places: Finding['places']; title: string; view: View }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`${title}: where, table`}>
      <table class="wide places stacks">
        <caption class="hidden">{title}: where</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Route</th>
            <th scope="col">What was seen</th>
            <th scope="col" class="number">
              Count
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map(({ service, route, detail, count }) => (
            <tr key={service + route}>
              <td>{service}</td>
              <td>
                <Link
                  href={hrefOf('signatures', {
                    ...view,
                    filters: [
                      { dimension: 'service', value: service },
                      { dimension: 'route', value: route },
                    ],
                  })}
                >
                  {route === '' ? 'no route' : route}
                </Link>
              </td>
              <td class="full">{detail}</td>
              <td class="number" data-label="Count">
                {countText(count)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Well({ findings }: { findings: readonly Finding[] }): JSX.Element {
  return (
    <Card title="Looked at, and well">
      <ul class="well">
        {findings.map(({ id, observable }) => (
          <li key={id}>
            <span aria-hidden="true">✓</span> {words(id)} <span class="quiet-text">in {countText(observable)} records</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
