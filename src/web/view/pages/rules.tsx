/** The alert rules: what there is, adding and changing, and what a rule would have told of. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { RULE_TYPES } from '../../model/rule-form.js';
import { countText, shareText, words } from '../../model/text.js';
import { api, type Rule } from '../api.js';
import { AlertTabs } from '../parts/alert-tabs.js';
import { Severity } from '../parts/badges.js';
import { CopyCurl } from '../parts/copy.js';
import { Remove } from '../parts/remove.js';
import { RuleForm } from '../parts/rule-form.js';
import { Card, Empty, Failure, Loaded } from '../parts/states.js';
import { useAnswer } from '../use-answer.js';

export function Rules(): JSX.Element {
  const answer = useAnswer(api.rules());
  /** Undefined: no form; 'new': an empty one. */
  const [edited, setEdited] = useState<Rule | 'new'>();
  const close = (): void => {
    setEdited(undefined);
    answer.reload();
  };
  return (
    <>
      <AlertTabs title="Alert rules" current="alerts/rules" />
      {edited === undefined ? (
        <p class="page-start">
          <button
            type="button"
            class="primary"
            onClick={() => {
              setEdited('new');
            }}
          >
            New rule
          </button>
        </p>
      ) : (
        <RuleForm key={edited === 'new' ? 'new' : edited.id} rule={edited === 'new' ? undefined : edited} onClose={close} />
      )}
      <Card title="Rules" actions={<CopyCurl call={answer.call} of="alert rules" />}>
        <Loaded answer={answer}>
          {({ rules }) =>
            rules.length === 0 ? (
              <Empty title="There is no rule">Nobody is told of anything.</Empty>
            ) : (
              <ul class="rules">
                {rules.map((rule) => (
                  <RuleLine key={rule.id} rule={rule} onEdit={setEdited} onChanged={answer.reload} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

function RuleLine({ rule, onEdit, onChanged }: { rule: Rule; onEdit: (rule: Rule) => void; onChanged: () => void }): JSX.Element {
  const { id, name, is_enabled: isEnabled, settings, problem } = rule;
  return (
    <li>
      <div>
        <b>{name}</b> <Severity severity={String(settings['severity'])} />
        {!isEnabled && <span class="badge">off</span>}
        <p class="quiet-text">{sentenceOf(settings)}</p>
        {problem !== null && <Failure problem={problem} />}
      </div>
      <div class="actions">
        <button
          type="button"
          class="quiet"
          aria-label={`Edit ${name}`}
          onClick={() => {
            onEdit(rule);
            scrollTo(0, 0);
          }}
        >
          Edit
        </button>
        <Remove
          label={`Delete ${name}`}
          question={`Delete the rule "${name}"? Its open alerts are over then.`}
          call={api.dropRule(id)}
          onRemoved={onChanged}
        />
      </div>
    </li>
  );
}

/** In short: type, what it looks at, and by what it tells apart. */
function sentenceOf(settings: Rule['settings']): string {
  const filter = Object.entries((settings['filter'] ?? {}) as Record<string, string[]>);
  const where = filter.map(([dimension, values]) => `${words(dimension)} ${values.join(' or ')}`).join(', ');
  const by = ((settings['group_by'] ?? []) as string[]).map(words).join(' and ');
  const type = RULE_TYPES.find(([one]) => one === settings['type'])?.[1] ?? words(String(settings['type']));
  const sides = [type, where, by === '' ? '' : `for each ${by}`, limitsOf(settings)];
  return sides.filter((part) => part !== '').join(' · ');
}

/** What is not set, or holds anyway, is left out. */
function limitsOf(settings: Rule['settings']): string {
  const parts = (['finding', 'count', 'ratio', 'window', 'min_count'] as const).map((name) => {
    const value = settings[name];
    return value === undefined || value === 0 ? '' : LIMITS[name](value);
  });
  return parts.filter((part) => part !== '').join(', ');
}

const LIMITS = {
  finding: (value: unknown) => words(String(value)),
  count: (value: unknown) => `${countText(Number(value))} or more`,
  ratio: (value: unknown) => `${shareText(Number(value))} of all requests or more`,
  window: (value: unknown) => `within ${String(value)}`,
  min_count: (value: unknown) => `at least ${countText(Number(value))} refusals`,
};
