/** What is over a chart's columns: the span that is picked, marks of alerts, the figures under the pointer, and drags of a finger. */
import type uPlot from 'uplot';
import type { Picked } from '../../model/place.js';
import { countText, figureText, timeText } from '../../model/text.js';
import type { ChartProps } from './chart.js';

export interface Mark {
  /** Epoch milliseconds. */
  at: number;
  severity: string;
}

const TIP_ROWS = 8;
const MARK_SIZE = 5;

/** Custom properties come as they were written; only a real property has the colour that it means in this theme. */
export function colourValue(near: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  near.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

export function shadePlugin(picked: () => Picked | undefined): uPlot.Plugin {
  const draw = (plot: uPlot): void => {
    const span = picked();
    if (span === undefined) return;
    const { left, top, width, height } = plot.bbox;
    const clamp = (at: number): number => Math.min(Math.max(plot.valToPos(at / 1_000, 'x', true), left), left + width);
    const [start, end] = [clamp(span.from), clamp(span.to)];
    plot.ctx.save();
    plot.ctx.fillStyle = colourValue(plot.root, '--picked');
    plot.ctx.fillRect(start, top, end - start, height);
    plot.ctx.restore();
  };
  return { hooks: { drawClear: draw } };
}

export function marksPlugin(marks: () => readonly Mark[]): uPlot.Plugin {
  const draw = (plot: uPlot): void => {
    const { left, top, width, height } = plot.bbox;
    const size = MARK_SIZE * devicePixelRatio;
    for (const { at, severity } of marks()) {
      const x = plot.valToPos(at / 1_000, 'x', true);
      if (x < left || x > left + width) continue;
      const colour = colourValue(plot.root, `--severity-${severity}`);
      plot.ctx.save();
      plot.ctx.strokeStyle = colour;
      plot.ctx.fillStyle = colour;
      plot.ctx.lineWidth = devicePixelRatio;
      plot.ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
      plot.ctx.beginPath();
      plot.ctx.moveTo(x, top);
      plot.ctx.lineTo(x, top + height);
      plot.ctx.stroke();
      plot.ctx.beginPath();
      plot.ctx.moveTo(x - size, top - size);
      plot.ctx.lineTo(x + size, top - size);
      plot.ctx.lineTo(x, top + size);
      plot.ctx.fill();
      plot.ctx.restore();
    }
  };
  return { hooks: { draw } };
}

/** What a finger moves while it taps. */
const MIN_DRAG_PX = 10;

/**
 * A finger that moves sideways selects as a mouse does, which is all that uPlot listens to. One that moves up or down scrolls the
 * page, two zoom it (`touch-action` of the style): the browser takes such a pointer away, and nothing is selected.
 */
export function touchPlugin(): uPlot.Plugin {
  const init = (plot: uPlot): void => {
    const { over } = plot;
    let start: number | undefined;
    const leftOf = ({ clientX }: PointerEvent): number => {
      const { left, width } = over.getBoundingClientRect();
      return Math.min(Math.max(clientX - left, 0), width);
    };
    const select = (event: PointerEvent, isDone: boolean): void => {
      if (start === undefined || event.pointerType !== 'touch') return;
      const end = leftOf(event);
      const width = Math.abs(end - start) < MIN_DRAG_PX ? 0 : Math.abs(end - start);
      plot.setCursor({ left: end, top: over.clientHeight / 2 });
      plot.setSelect({ left: Math.min(start, end), top: 0, width, height: over.clientHeight }, isDone);
      if (isDone) letGo();
    };
    const letGo = (): void => {
      start = undefined;
      plot.setCursor({ left: -1, top: -1 });
    };
    over.addEventListener('pointerdown', (event) => {
      if (event.pointerType === 'touch') start = event.isPrimary ? leftOf(event) : undefined;
    });
    over.addEventListener('pointermove', (event) => {
      select(event, false);
    });
    over.addEventListener('pointerup', (event) => {
      select(event, true);
    });
    over.addEventListener('pointercancel', () => {
      letGo();
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    });
  };
  return { hooks: { init } };
}

/** Text goes in as text: labels come from the outside. */
export function tipPlugin(props: () => ChartProps): uPlot.Plugin {
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  const fill = (plot: uPlot): void => {
    const { idx, left = 0 } = plot.cursor;
    const { series, labels, colours, unit = 'count' } = props();
    const at = series[0]?.points[idx ?? -1]?.[0];
    tip.hidden = at === undefined || idx === null || idx === undefined;
    if (at === undefined || idx === null || idx === undefined) return;
    const rows = series
      .map(({ points }, index) => ({ count: points[idx]?.[1] ?? 0, label: labels[index] ?? '', colour: colours[index] ?? 0 }))
      .filter(({ count }) => count > 0);
    const total = rows.reduce((sum, { count }) => sum + count, 0);
    const shown = rows.sort((a, b) => b.count - a.count).slice(0, TIP_ROWS);
    tip.replaceChildren(
      // Rates of different requests have no sum.
      lineOf('tip-head', timeText(at, Date.now()), unit === 'rate' ? '' : countText(total)),
      ...shown.map(({ label, count, colour }) => lineOf(`c${String(colour)}`, label, figureText(count, unit))),
    );
    const isRight = left > plot.over.clientWidth / 2;
    tip.style.left = isRight ? 'auto' : `${String(left + 14)}px`;
    tip.style.right = isRight ? `${String(plot.over.clientWidth - left + 14)}px` : 'auto';
  };
  const init = (plot: uPlot): void => {
    plot.over.append(tip);
  };
  return { hooks: { init, setCursor: fill } };
}

function lineOf(kind: string, ...texts: string[]): HTMLElement {
  const line = document.createElement('div');
  line.className = `tip-row ${kind}`;
  line.append(
    ...texts.map((text) => {
      const cell = document.createElement('span');
      cell.textContent = text;
      return cell;
    }),
  );
  return line;
}
