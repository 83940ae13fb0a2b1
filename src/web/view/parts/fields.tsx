/** Forms and their fields, each with its label; what they hold is the business of whoever shows them. */
import type { ComponentChildren, JSX } from 'preact';

interface FormProps {
  submit: string;
  onSubmit: () => Promise<void>;
  isBusy: boolean;
  /** Beside the button: others, and what became of it. */
  end: ComponentChildren;
  children: ComponentChildren;
}

export function Form({ submit, onSubmit, isBusy, end, children }: FormProps): JSX.Element {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      <div class="fields">{children}</div>
      <div class="form-end">
        <button type="submit" class="primary" disabled={isBusy}>
          {submit}
        </button>
        {end}
      </div>
    </form>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  children: ComponentChildren;
}

function Field({ label, hint, children }: FieldProps): JSX.Element {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {children}
      {hint !== undefined && <span class="hint">{hint}</span>}
    </label>
  );
}

interface TextProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: string;
  isRequired?: boolean;
  type?: 'text' | 'url' | 'number';
  rows?: number;
}

const TYPES = { text: { type: 'text' }, url: { type: 'url' }, number: { type: 'number', step: 'any' } } as const;

export function TextField({ label, value, onValue, hint, isRequired = false, type = 'text', rows }: TextProps): JSX.Element {
  const shared = { value, required: isRequired };
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      {rows === undefined ? (
        <input
          {...shared}
          {...TYPES[type]}
          onInput={(event) => {
            onValue(event.currentTarget.value);
          }}
        />
      ) : (
        <textarea
          {...shared}
          rows={rows}
          spellcheck={false}
          onInput={(event) => {
            onValue(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly (readonly [Value, string])[];
  onValue: (value: Value) => void;
  hint?: string;
}

export function ChoiceField<Value extends string>({ label, value, choices, onValue, hint }: ChoiceProps<Value>): JSX.Element {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <select
        value={value}
        onChange={(event) => {
          const chosen = choices.find(([one]) => one === event.currentTarget.value);
          if (chosen !== undefined) onValue(chosen[0]);
        }}
      >
        {choices.map(([one, text]) => (
          <option value={one} key={one}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function CheckField({ label, isOn, onValue }: { label: string; isOn: boolean; onValue: (isOn: boolean) => void }): JSX.Element {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => {
          onValue(event.currentTarget.checked);
        }}
      />
      {label}
    </label>
  );
}
