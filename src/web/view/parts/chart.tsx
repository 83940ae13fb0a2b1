/**
 * Counts over time as stacked columns, rates as lines: they have no sum. Dragging over them, by mouse or finger, picks a span where
 * that is wanted; alerts are marked where they began. What the canvas shows stands in a table below it too, for whoever cannot
 * see or point.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Picked, Unit } from '../../model/place.js';
import { linesOf, stackOf, type Series } from '../../model/stack.js';
import { figureText } from '../../model/text.js';
import { THEME_CHANGED } from '../theme.js';
import { colourValue, marksPlugin, shadePlugin, tipPlugin, touchPlugin, type Mark } from './chart-plugins.js';
import { ChartTable } from './chart-table.js';

export interface ChartProps {
  title: string;
  series: readonly Series[];
  /** One a series. */
  labels: readonly string[];
  colours: readonly number[];
  stepSeconds: number;
  unit?: Unit;
  marks?: readonly Mark[];
  picked?: Picked | undefined;
  onPick?: (picked: Picked) => void;
  /** Between canvas and table, such as a legend. */
  children?: ComponentChildren;
}

const HEIGHT = 260;
const NARROW = 600;
const DECADES = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7];
/** Between two lines of the grid. */
const INCREMENTS = {
  count: DECADES.flatMap((one) => [one, 2 * one, 5 * one]),
  rate: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
};
const DAY = 86_400;
/** From which width between two labels, how it is written, and what stands below where the day changes. */
const TIME_LABELS: uPlot.Axis.Values = [
  [DAY, '{D} {MMM}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
];

export function Chart(props: ChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const latest = useRef(props);
  latest.current = props;
  const plot = useRef<uPlot>(null);
  // The same series in the same colours keep their plot, so that a live chart does not flicker.
  const shape = `${props.labels.join('\n')} ${props.colours.join(',')} ${String(props.stepSeconds)} ${props.unit ?? 'count'} ${theme}`;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const made = new uPlot(
      optionsOf(element, () => latest.current),
      dataOf(latest.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: heightOf(element) });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => {
    plot.current?.setData(dataOf(props));
  }, [props.series, props.marks, props.picked?.from, props.picked?.to]);
  return (
    <figure class="chart">
      <div ref={box} class="chart-canvas" aria-hidden="true" />
      <figcaption class="hidden">{props.title}; the figures are in the table that follows.</figcaption>
      {props.children}
      <ChartTable {...props} />
    </figure>
  );
}

/** Changes whenever colours do. */
function useTheme(): string {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const current = (): string => `${document.documentElement.dataset['theme'] ?? ''} ${String(media.matches)}`;
  const [theme, setTheme] = useState(current);
  useEffect(() => {
    const changed = (): void => {
      setTheme(current());
    };
    addEventListener(THEME_CHANGED, changed);
    media.addEventListener('change', changed);
    return () => {
      removeEventListener(THEME_CHANGED, changed);
      media.removeEventListener('change', changed);
    };
  }, []);
  return theme;
}

function heightOf(element: HTMLElement): number {
  return element.clientWidth < NARROW ? HEIGHT - 60 : HEIGHT;
}

function dataOf({ series, unit }: ChartProps): uPlot.AlignedData {
  if (unit === 'rate') {
    const { times, lines } = linesOf(series);
    return [times, ...lines];
  }
  const { times, layers } = stackOf(series);
  return [times, ...layers.map(({ sums }) => sums)];
}

function optionsOf(element: HTMLElement, props: () => ChartProps): uPlot.Options {
  const { stepSeconds, unit = 'count', onPick } = props();
  const [text, line] = [colourValue(element, '--quiet'), colourValue(element, '--line')];
  const axis = { stroke: text, font: '12px system-ui, sans-serif', ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: heightOf(element),
    padding: [12, 20, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: onPick !== undefined, y: false, setScale: false }, points: { show: false }, y: false },
    scales: {
      x: { time: true, range: (_plot, least, most) => [least, most + stepSeconds] },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : unit === 'rate' ? 0.01 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 70, size: 40, values: TIME_LABELS },
      {
        ...axis,
        grid: { stroke: line, width: 1 },
        size: 48,
        space: 36,
        incrs: INCREMENTS[unit],
        ...(unit === 'rate' ? { values: (_plot: uPlot, marks: number[]) => marks.map((mark) => figureText(mark, unit)) } : {}),
      },
    ],
    series: [{}, ...seriesOf(element, props())],
    hooks: {
      setSelect: [
        (made) => {
          pick(made, props());
        },
      ],
    },
    plugins: [
      shadePlugin(() => props().picked),
      marksPlugin(() => props().marks ?? []),
      tipPlugin(props),
      ...(onPick === undefined ? [] : [touchPlugin()]),
    ],
  };
}

/** In the order of the layers. */
function seriesOf(element: HTMLElement, { labels, colours, unit }: ChartProps): uPlot.Series[] {
  const bars = uPlot.paths.bars?.({ size: [0.86, 60], align: 1 });
  return labels
    .map((label, index): uPlot.Series => {
      const colour = colourValue(element, `--c${String(colours[index] ?? 0)}`);
      if (unit === 'rate') return { label, stroke: colour, width: 2, points: { size: 5, fill: colour } };
      return { label, fill: colour, width: 0, points: { show: false }, ...(bars === undefined ? {} : { paths: bars }) };
    })
    .reverse();
}

/** Whole columns, as the API counts them. */
function pick(made: uPlot, { stepSeconds, onPick }: ChartProps): void {
  const { left, width } = made.select;
  if (width < 2 || onPick === undefined) return;
  const from = Math.floor(made.posToVal(left, 'x') / stepSeconds) * stepSeconds;
  const to = Math.ceil(made.posToVal(left + width, 'x') / stepSeconds) * stepSeconds;
  made.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onPick({ from: from * 1_000, to: to * 1_000 });
}
