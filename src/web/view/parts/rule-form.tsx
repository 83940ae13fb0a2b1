/** The form of an alert rule, with a look at what it would have told of. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fieldsOf, RULE_TYPES, settingsOf, VALUE_FIELDS, type RuleFields, type Settings } from '../../model/rule-form.js';
import { api, send, type Preview, type Rule, type RuleInput } from '../api.js';
import { useDeed } from '../use-answer.js';
import { CheckField, ChoiceField, Form, TextField } from './fields.js';
import { RulePreview } from './rule-preview.js';
import { Card, Outcome } from './states.js';

const SEVERITIES = [
  ['critical', 'critical'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
] as const;

export function RuleForm({ rule, onClose }: { rule: Rule | undefined; onClose: () => void }): JSX.Element {
  const [fields, setFields] = useState(() => fieldsOf(rule?.name ?? '', rule?.is_enabled ?? true, rule?.settings ?? {}));
  const [seen, setSeen] = useState<{ preview: Preview; settings: Settings }>();
  const saving = useDeed();
  const looking = useDeed();
  // The service checks it: what a form holds is text from a person.
  const settings = (): RuleInput['settings'] => settingsOf(fields, rule?.settings) as unknown as RuleInput['settings'];
  const save = async (): Promise<void> => {
    const input = { name: fields.name, is_enabled: fields.isEnabled, settings: settings() };
    if (await saving.run(() => send(rule === undefined ? api.addRule(input) : api.changeRule(rule.id, input)))) onClose();
  };
  const look = (): void => {
    const asked = settings();
    void looking.run(async () => {
      setSeen({ preview: await send(api.preview({ settings: asked, from: '-7d', to: 'now' })), settings: { ...asked } });
    });
  };
  const end = (
    <>
      <button type="button" disabled={looking.isBusy} onClick={look}>
        {looking.isBusy ? 'Looking …' : 'Preview'}
      </button>
      <button type="button" class="quiet" onClick={onClose}>
        Cancel
      </button>
      <Outcome problem={saving.problem} />
      <Outcome problem={looking.problem} />
    </>
  );
  return (
    <Card title={rule === undefined ? 'New rule' : `Edit ${rule.name}`}>
      <Form submit="Save" onSubmit={save} isBusy={saving.isBusy} end={end}>
        <Inputs fields={fields} onFields={setFields} />
      </Form>
      {seen !== undefined && <RulePreview {...seen} />}
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
    <>
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
    </>
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
