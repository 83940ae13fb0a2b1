/** Span and filters above every page that counts: what is seen, and the ways to see something else. */
import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { DIMENSIONS, withFilter, withoutFilter, type Filter, type View } from '../../model/place.js';
import { momentMs, PRESETS } from '../../model/span.js';
import { valueText, words } from '../../model/text.js';
import { show } from '../place.js';
import type { Live } from '../use-live.js';
import { LiveSwitch } from './live-switch.js';

interface ToolbarProps {
  title: string;
  view: View;
  live?: Live;
  hasFilters?: boolean;
}

export function Toolbar({ title, view, live, hasFilters = true }: ToolbarProps): JSX.Element {
  return (
    <div class="toolbar">
      <h1>{title}</h1>
      {live !== undefined && <LiveSwitch live={live} />}
      {hasFilters && <Filters view={view} />}
      <SpanPicker view={view} />
    </div>
  );
}

function SpanPicker({ view }: { view: View }): JSX.Element {
  const isPreset = view.to === 'now' && PRESETS.some(({ from }) => from === view.from);
  const [isCustom, setCustom] = useState(false);
  const choose = (event: TargetedEvent<HTMLSelectElement>): void => {
    const from = event.currentTarget.value;
    setCustom(from === 'custom');
    if (from !== 'custom') show({ ...view, from, to: 'now', picked: undefined });
  };
  return (
    <div class="span-picker">
      <label>
        <span class="hidden">Span</span>
        <select value={isPreset && !isCustom ? view.from : 'custom'} onChange={choose}>
          {PRESETS.map(({ from, text }) => (
            <option value={from} key={from}>
              Last {text}
            </option>
          ))}
          <option value="custom">From … to …</option>
        </select>
      </label>
      {(isCustom || !isPreset) && <CustomSpan key={view.from + view.to} view={view} />}
    </div>
  );
}

/** A time for a field: as it was given where it is short, else in UTC to the second. */
function fieldTime(text: string): string {
  const at = momentMs(text, Date.now());
  return text.startsWith('-') || text === 'now' || at === undefined ? text : new Date(at).toISOString().replace('.000', '');
}

function CustomSpan({ view }: { view: View }): JSX.Element {
  const [from, setFrom] = useState(fieldTime(view.from));
  const [to, setTo] = useState(fieldTime(view.to));
  const apply = (event: Event): void => {
    event.preventDefault();
    show({ ...view, from: from.trim(), to: to.trim(), picked: undefined });
  };
  return (
    <form class="custom-span" onSubmit={apply}>
      <input
        aria-label="From: a time, or a span back such as -90m"
        value={from}
        onInput={(event) => {
          setFrom(event.currentTarget.value);
        }}
      />
      <span aria-hidden="true">–</span>
      <input
        aria-label="To: a time, or now"
        value={to}
        onInput={(event) => {
          setTo(event.currentTarget.value);
        }}
      />
      <button type="submit">Show</button>
    </form>
  );
}

function Filters({ view }: { view: View }): JSX.Element {
  return (
    <div class="filters">
      {view.filters.map((filter) => (
        <button
          type="button"
          class="chip"
          key={filter.dimension + filter.value}
          aria-label={`Remove the filter ${filterText(filter)}`}
          onClick={() => {
            show(withoutFilter(view, filter));
          }}
        >
          {filterText(filter)}
          <span aria-hidden="true"> ×</span>
        </button>
      ))}
      <AddFilter view={view} />
    </div>
  );
}

function filterText({ dimension, value }: Filter): string {
  const isNot = value.startsWith('!');
  return `${words(dimension)} ${isNot ? 'is not' : 'is'} ${valueText(dimension, isNot ? value.slice(1) : value)}`;
}

function AddFilter({ view }: { view: View }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const [dimension, setDimension] = useState<string>('service');
  const [value, setValue] = useState('');
  const add = (event: Event): void => {
    event.preventDefault();
    if (value !== '') show(withFilter(view, { dimension, value }));
    setValue('');
    setOpen(false);
  };
  if (!isOpen) {
    return (
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        + Filter
      </button>
    );
  }
  return (
    <form class="add-filter" onSubmit={add}>
      <select
        aria-label="Filter by"
        value={dimension}
        onChange={(event) => {
          setDimension(event.currentTarget.value);
        }}
      >
        {DIMENSIONS.map((one) => (
          <option value={one} key={one}>
            {words(one)}
          </option>
        ))}
      </select>
      <input
        aria-label="Value; !value excludes, value* is a prefix"
        placeholder="value, !value or value*"
        value={value}
        ref={(field) => field?.focus()}
        onInput={(event) => {
          setValue(event.currentTarget.value);
        }}
      />
      <button type="submit">Add</button>
    </form>
  );
}
