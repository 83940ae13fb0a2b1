/** A user knows better: a cause for one signature, or a rule for all that look alike, with a look at what it would change. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { matchOf, PATTERNS, patternsOf } from '../../model/taught-rule.js';
import { countText, words } from '../../model/text.js';
import { api, send, type Signature, type TaughtPreview } from '../api.js';
import { Link } from '../place.js';
import { useAnswer, useDeed } from '../use-answer.js';
import { TextField } from './fields.js';
import { Empty, Outcome } from './states.js';

interface TeachProps {
  signature: Signature;
  onTaught: () => void;
}

export function Teach({ signature, onTaught }: TeachProps): JSX.Element {
  const causes = useAnswer(api.causes('from=-1h'));
  const [cause, setCause] = useState(signature.taught_cause ?? signature.cause);
  const [isRule, setRule] = useState(false);
  return (
    <div class="teach">
      <label>
        Teach a cause{' '}
        <select
          value={cause}
          onChange={(event) => {
            setCause(event.currentTarget.value);
          }}
        >
          {(causes.data?.causes ?? [{ id: cause, title: words(cause) }]).map(({ id, title }) => (
            <option value={id} key={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Scope isRule={isRule} onRule={setRule} />
      {isRule ? <RuleOf {...{ signature, cause, onTaught }} /> : <OneOf {...{ signature, cause, onTaught }} />}
    </div>
  );
}

function Scope({ isRule, onRule }: { isRule: boolean; onRule: (isRule: boolean) => void }): JSX.Element {
  const choices: [boolean, string][] = [
    [false, 'This signature only'],
    [true, 'A rule'],
  ];
  return (
    <fieldset>
      <legend class="hidden">For</legend>
      {choices.map(([value, text]) => (
        <label key={text}>
          <input
            type="radio"
            name="scope"
            checked={isRule === value}
            onChange={() => {
              onRule(value);
            }}
          />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

interface CauseProps extends TeachProps {
  cause: string;
}

function OneOf({ signature, cause, onTaught }: CauseProps): JSX.Element {
  const deed = useDeed();
  const teach = async (taught: string | null): Promise<void> => {
    if (await deed.run(() => send(api.teach(signature.id, taught)))) onTaught();
  };
  return (
    <>
      <button type="button" disabled={deed.isBusy} onClick={() => void teach(cause)}>
        Teach
      </button>
      {signature.taught_cause !== null && (
        <button type="button" class="quiet" disabled={deed.isBusy} onClick={() => void teach(null)}>
          Take it back
        </button>
      )}
      <Outcome problem={deed.problem} done="Done. All of its history changed with it." />
    </>
  );
}

/** It can be saved once somebody has seen what it would change. */
function RuleOf({ signature, cause, onTaught }: CauseProps): JSX.Element {
  const [patterns, setPatterns] = useState(() => patternsOf(signature));
  const [seen, setSeen] = useState<{ question: string; preview: TaughtPreview }>();
  const looking = useDeed();
  const saving = useDeed();
  const match = matchOf(patterns);
  const question = new URLSearchParams({ cause, ...match }).toString();
  const isSeen = seen?.question === question;
  const look = (): void => {
    void looking.run(async () => {
      setSeen({ question, preview: await send(api.previewTaughtRule(question)) });
    });
  };
  const save = async (): Promise<void> => {
    if (await saving.run(() => send(api.teachRule({ cause, match, note: '' })))) onTaught();
  };
  return (
    <>
      <div class="fields">
        {PATTERNS.map(([name, label]) => (
          <TextField
            key={name}
            label={label}
            value={patterns[name]}
            {...(name === 'template' ? { hint: 'RE2 patterns; all that are given must be found' } : {})}
            onValue={(value) => {
              setPatterns({ ...patterns, [name]: value });
            }}
          />
        ))}
      </div>
      <button type="button" disabled={looking.isBusy} onClick={look}>
        {looking.isBusy ? 'Looking …' : 'Preview'}
      </button>
      <button type="button" class="primary" disabled={!isSeen || saving.isBusy} onClick={() => void save()}>
        Save the rule
      </button>
      <Link href="/signatures/taught" class="quiet-link">
        All rules
      </Link>
      <Outcome problem={looking.problem} />
      <Outcome problem={saving.problem} done="Saved. History is judged again by it." />
      {isSeen && <Previewed preview={seen.preview} cause={cause} />}
    </>
  );
}

function Previewed({ preview: { matched, changed, examples }, cause }: { preview: TaughtPreview; cause: string }): JSX.Element {
  return (
    <section class="preview" aria-label="What the rule would change" aria-live="polite">
      <h3>
        {changed.signatures === 0
          ? 'It would change nothing'
          : `${countText(changed.signatures)} ${changed.signatures === 1 ? 'signature' : 'signatures'} would become “${words(cause)}”`}
      </h3>
      <p class="quiet-text">
        Of the last 7 days: {countText(matched.signatures)} match with {countText(matched.count)} refusals; {countText(changed.count)} of
        them have another cause now.
      </p>
      {matched.signatures === 0 && <Empty title="Nothing matches">A pattern is found in the text as it is shown above.</Empty>}
      <ul class="plain-list">
        {examples.map(({ id, template, service, route, cause: now, count }) => (
          <li key={id}>
            <Link href={`/signatures/${id}`}>{template === '' ? 'no reason was given' : template}</Link>
            <p class="quiet-text">
              {service} {route} · {countText(count)} · {words(now)} at present
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
