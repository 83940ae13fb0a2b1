/** The form of an alert rule, with a look at what it would have told of. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fieldsOf, RULE_TYPES, settingsOf, VALUE_FIELDS, type RuleFields } from '../../model/rule-form.js';
import { countText, secondsText, timeText } from '../../model/text.js';
import { api, send, type Preview, type Rule, type RuleInput } from '../api.js';
import { useDeed } from '../use-answer.js';
import { titleOf } from './alert-lines.js';
import { CheckField, ChoiceField, TextField } from './fields.js';
import { Card, Empty, Outcome } from './states.js';

const SEVERITIES = [
  ['critical', 'critical'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
] as const;

export function RuleForm({ rule, onClose }: { rule: Rule | undefined; onClose: () => void }): JSX.Element {
  const [fields, setFields] = useState(() => fieldsOf(rule?.name ?? '', rule?.is_enabled ?? true, rule?.settings ?? {}));
  const [preview, setPreview] = useState<Preview>();
  const saving = useDeed();
  const looking = useDeed();
  // The service checks it: what a form holds is text from a person.
  const settings = (): RuleInput['settings'] => settingsOf(fields, rule?.settings) as unknown as RuleInput['settings'];
  const save = async (): Promise<void> => {
    const input = { name: fields.name, is_enabled: fields.isEnabled, settings: settings() };
    if (await saving.run(() => send(rule === undefined ? api.addRule(input) : api.changeRule(rule.id, input)))) onClose();
  };
  const look = (): void => {
    void looking.run(async () => {
      setPreview(await send(api.preview({ settings: settings(), from: '-7d', to: 'now' })));
    });
  };
  return (
    <Card title={rule === undefined ? 'New rule' : `Edit ${rule.name}`}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Inputs fields={fields} onFields={setFields} />
        <div class="form-end">
          <button type="submit" class="primary" disabled={saving.isBusy}>
            Save
          </button>
          <button type="button" disabled={looking.isBusy} onClick={look}>
            {looking.isBusy ? 'Looking …' : 'Preview'}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <Outcome problem={saving.problem === '' ? undefined : saving.problem} />
          <Outcome problem={looking.problem === '' ? undefined : looking.problem} />
        </div>
      </form>
      {preview !== undefined && <Previewed preview={preview} />}
    </Card>
  );
}

interface InputsProps {
  fields: RuleFields;
  onFields: (fields: RuleFields) => void;
}

function Inputs({ fields, onFields }: InputsProps): JSX.Element {
  const set =
    <Name extends keyof RuleFields>(name: Name) =>
    (value: RuleFields[Name]): void => {
      onFields({ ...fields, [name]: value });
    };
  const severity = SEVERITIES.find(([one]) => one === fields.severity)?.[0] ?? 'error';
  return (
    <div class="fields">
      <TextField label="Name" value={fields.name} isRequired onValue={set('name')} />
      <ChoiceField label="Type" value={fields.type} choices={RULE_TYPES} onValue={set('type')} />
      <ChoiceField label="Severity" value={severity} choices={SEVERITIES} onValue={set('severity')} />
      <ValueInputs fields={fields} onFields={onFields} />
      <TextField label="An alert for each" value={fields.groupBy} hint="dimensions, separated by commas" onValue={set('groupBy')} />
      <TextField
        label="Only where"
        value={fields.filter}
        rows={3}
        hint="lines such as service=checkout, cause=!expired_token or route=/orders/*"
        onValue={set('filter')}
      />
      <CheckField label="On" isOn={fields.isEnabled} onValue={set('isEnabled')} />
    </div>
  );
}

/** What the type alone has. */
function ValueInputs({ fields, onFields }: InputsProps): JSX.Element {
  return (
    <>
      {VALUE_FIELDS[fields.type].map(({ name, label, fallback, isNumber }) => (
        <TextField
          key={name}
          label={label}
          value={fields.values[name] ?? fallback}
          type={isNumber ? 'number' : 'text'}
          {...(isNumber || name === 'finding' ? {} : { hint: 'such as 30s, 10m or 1h' })}
          onValue={(value) => {
            onFields({ ...fields, values: { ...fields.values, [name]: value } });
          }}
        />
      ))}
    </>
  );
}

function Previewed({ preview }: { preview: Preview }): JSX.Element {
  const { alerts, groups, is_cut: isCut, to } = preview;
  return (
    <section class="preview" aria-label="Preview" aria-live="polite">
      <h3>
        In the last 7 days: {alerts.length} {alerts.length === 1 ? 'alert' : 'alerts'} in {countText(groups)}{' '}
        {groups === 1 ? 'group' : 'groups'}
      </h3>
      {isCut && <p class="quiet-text">The time for a preview was up; it looked no further than {timeText(to, Date.now())}.</p>}
      {alerts.length === 0 ? (
        <Empty title="It would have told of nothing" />
      ) : (
        <ul class="plain-list">
          {alerts.slice(0, 20).map(({ group, started_at: start, resolved_at: end, observed, expected }) => (
            <li key={start + JSON.stringify(group)}>
              <b>{titleOf({ group, rule: { id: '', name: 'all', type: 'spike' } })}</b>{' '}
              <span class="quiet-text">
                {timeText(start, Date.now())}, {end === null ? 'still open' : secondsText((Date.parse(end) - Date.parse(start)) / 1_000)}:{' '}
                {countText(observed)}
                {expected === null ? '' : ` where ${countText(expected)} were expected`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
