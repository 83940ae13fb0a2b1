/** The rules that were taught, in the order in which they decide. New ones are taught where a signature shows what is wrong. */
import type { JSX } from 'preact';
import type { View } from '../../model/place.js';
import { PATTERNS } from '../../model/taught-rule.js';
import { countText, timeText, words } from '../../model/text.js';
import { api, type TaughtRule } from '../api.js';
import { CopyCurl } from '../parts/copy.js';
import { Remove } from '../parts/remove.js';
import { Card, Empty, Failure, Loaded } from '../parts/states.js';
import { hrefOf, Link } from '../place.js';
import { useAnswer } from '../use-answer.js';

export function Taught({ view }: { view: View }): JSX.Element {
  const answer = useAnswer(api.taughtRules());
  return (
    <>
      <p class="crumbs">
        <Link href={hrefOf('signatures', view)}>← All signatures</Link>
      </p>
      <div class="toolbar">
        <h1>Rules that were taught</h1>
      </div>
      <Card title="The first that matches decides" actions={<CopyCurl call={answer.call} of="rules that were taught" />}>
        <Loaded answer={answer}>
          {({ rules, rejudging }) => (
            <>
              {rejudging > 0 && <p role="status">{countText(rejudging)} signatures still wait for their new verdict.</p>}
              {rules.length === 0 ? (
                <Empty title="No rule was taught">Open a signature whose cause is wrong, and choose “A rule” there.</Empty>
              ) : (
                <ol class="rules">
                  {rules.map((rule) => (
                    <RuleLine key={rule.id} rule={rule} onDropped={answer.reload} />
                  ))}
                </ol>
              )}
            </>
          )}
        </Loaded>
      </Card>
    </>
  );
}

function RuleLine({ rule, onDropped }: { rule: TaughtRule; onDropped: () => void }): JSX.Element {
  const { id, cause, match, note, problem, created_at: made } = rule;
  return (
    <li>
      <div>
        <b>{words(cause)}</b>
        {PATTERNS.map(([field, label]) => {
          const pattern = match[field];
          return (
            pattern !== undefined && (
              <p key={field}>
                <span class="quiet-text">{label}</span> <code>{pattern}</code>
              </p>
            )
          );
        })}
        <p class="quiet-text">
          {note !== '' && `${note} · `}
          {timeText(made, Date.now())}
        </p>
        {problem !== null && <Failure problem={problem} />}
      </div>
      <div class="actions">
        <Remove
          label={`Delete the rule for ${words(cause)}`}
          question={`Delete the rule for "${words(cause)}"? What it decided is judged again without it.`}
          call={api.dropTaughtRule(id)}
          onRemoved={onDropped}
        />
      </div>
    </li>
  );
}
