/** A refusal to be judged that nobody stores: an answer, a header or a log line goes in, cause and advice come out. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { eventOf } from '../../model/paste.js';
import { words } from '../../model/text.js';
import { api, send, type Judgement } from '../api.js';
import { Confidence, Fault } from '../parts/badges.js';
import { CopyCurl } from '../parts/copy.js';
import { AdviceLists, EvidenceTable, FindingLines } from '../parts/judgement.js';
import { Card, Empty, Outcome } from '../parts/states.js';
import { useDeed, type Deed } from '../use-answer.js';

const EXAMPLES = [
  {
    name: 'An answer',
    text: 'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm="api", error="invalid_token", error_description="The access token expired"\nContent-Type: application/json\n\n{"error":"invalid_token"}',
  },
  { name: 'A log line', text: 'IDX10223: Lifetime validation failed. The token is expired. ValidTo (UTC): 11/23/2026 09:00:00' },
  { name: 'A header', text: 'WWW-Authenticate: Digest realm=files, nonce=abc' },
  {
    name: 'An event',
    text: '{"service":"checkout","method":"GET","route":"/orders/{id}","status":401,"reason":"signature verification failed","authorization_scheme":"Bearer"}',
  },
] as const;

export function Playground(): JSX.Element {
  const [results, setResults] = useState<Judgement[]>();
  const deed = useDeed();
  const judge = (pasted: string): void => {
    void deed.run(async () => {
      setResults((await send(api.classify(eventOf(pasted)))).results);
    });
  };
  return (
    <>
      <div class="toolbar">
        <h1>Playground</h1>
        <span class="note">nothing is stored</span>
      </div>
      <Paste deed={deed} onJudge={judge} />
      <div aria-live="polite">
        {results?.length === 0 && <Empty title="There was nothing to judge" />}
        {results?.map((result, index) => (
          <Result key={index} result={result} />
        ))}
      </div>
    </>
  );
}

function Paste({ deed, onJudge }: { deed: Deed; onJudge: (text: string) => void }): JSX.Element {
  const [text, setText] = useState<string>(EXAMPLES[0].text);
  const title = 'Paste a response, a header, a log line or an event';
  return (
    <Card title={title} actions={<CopyCurl call={api.classify(eventOf(text))} of="judging this" />}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onJudge(text);
        }}
      >
        <textarea
          aria-label="What is to be judged"
          rows={8}
          spellcheck={false}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <div class="form-end">
          <button type="submit" class="primary" disabled={deed.isBusy || text.trim() === ''}>
            Judge
          </button>
          <Outcome problem={deed.problem} />
          <span class="examples">
            Try:{' '}
            {EXAMPLES.map(({ name, text: example }) => (
              <button
                type="button"
                class="quiet"
                key={name}
                onClick={() => {
                  setText(example);
                  onJudge(example);
                }}
              >
                {name}
              </button>
            ))}
          </span>
        </div>
      </form>
    </Card>
  );
}

function Result({ result }: { result: Judgement }): JSX.Element {
  const { cause, fault, confidence, evidence, also, findings, template, advice, challenge } = result;
  return (
    <>
      <section class="card signature-head" aria-label="Verdict">
        <p class="verdict">
          <b>{words(cause)}</b> <Fault fault={fault} /> {cause !== 'unknown' && <Confidence confidence={confidence} />}
        </p>
        {also.length > 0 && <p class="quiet-text">It could also be: {also.map(words).join(', ')}.</p>}
        {template !== '' && <p class="template small">{template}</p>}
      </section>
      <div class="columns two">
        <div>
          <Card title="What to do">
            <AdviceLists advice={advice} />
          </Card>
          <Card title="What is wrong with the answer itself">
            <FindingLines findings={findings} />
          </Card>
        </div>
        <div>
          <Card title="Evidence">
            <EvidenceTable evidence={evidence} />
          </Card>
          {challenge !== undefined && <Challenge challenge={challenge} />}
        </div>
      </div>
    </>
  );
}

function Challenge({ challenge }: { challenge: NonNullable<Judgement['challenge']> }): JSX.Element {
  return (
    <Card title="Challenge" actions={<span class="badge">{challenge.valid ? 'well-formed' : 'not well-formed'}</span>}>
      {challenge.challenges.map(({ scheme, params, token68 }, index) => (
        <dl class="facts stacked" key={index}>
          <div>
            <dt>Scheme</dt>
            <dd>{scheme}</dd>
          </div>
          {token68 !== null && (
            <div>
              <dt>Token</dt>
              <dd class="breaks">{token68}</dd>
            </div>
          )}
          {Object.entries(params).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="breaks">{value}</dd>
            </div>
          ))}
        </dl>
      ))}
    </Card>
  );
}
