import { describe, expect, it } from '@jest/globals';
import { isSilenced, labelsOf } from './silence.js';
import { step, type Observation, type OpenAlert } from './state.js';

const TIMING = { pendingFor: 60, resolveAfter: 600, evaluationDelay: 60 };
const breach: Observation = {
  key: ['a'],
  isBreach: true,
  window: 60,
  observed: 9,
  expected: 1,
  score: 2,
  reason: '9 where 1 was expected',
};
const calm: Observation = { ...breach, isBreach: false };

describe('the states of an alert', () => {
  it.each<[name: string, open: OpenAlert | undefined, observation: Observation | undefined, then: [now: number, to: string]]>([
    ['nothing stays nothing', undefined, calm, [0, 'same']],
    ['nothing seen stays nothing', undefined, undefined, [0, 'same']],
    ['a breach makes it pending', undefined, breach, [0, 'pending']],
    ['a breach that has not lasted yet stays pending', { status: 'pending', startedAt: 0, lastBreachAt: 50 }, breach, [59, 'same']],
    ['a breach that lasted fires', { status: 'pending', startedAt: 0, lastBreachAt: 50 }, breach, [60, 'firing']],
    ['a breach that lasted while nobody looked fires', undefined, { ...breach, lateSince: 0 }, [300, 'firing']],
    [
      'a breach that went on lasting while nobody looked fires',
      { status: 'pending', startedAt: 280, lastBreachAt: 290 },
      { ...breach, lateSince: 0 },
      [300, 'firing'],
    ],
    ['one that is over before drops', { status: 'pending', startedAt: 0, lastBreachAt: 20 }, calm, [59, 'dropped']],
    ['one that is not seen for a moment stays', { status: 'pending', startedAt: 0, lastBreachAt: 50 }, calm, [59, 'same']],
    ['one that is not seen any more drops', { status: 'pending', startedAt: 0, lastBreachAt: 20 }, undefined, [59, 'dropped']],
    ['firing goes on', { status: 'firing', startedAt: 0, lastBreachAt: 0 }, breach, [5_000, 'same']],
    ['firing outlasts a short calm', { status: 'firing', startedAt: 0, lastBreachAt: 1_000 }, calm, [1_599, 'same']],
    ['firing ends when it was calm for long enough', { status: 'firing', startedAt: 0, lastBreachAt: 1_000 }, calm, [1_600, 'resolved']],
    [
      'firing ends when nothing is seen for as long',
      { status: 'firing', startedAt: 0, lastBreachAt: 1_000 },
      undefined,
      [1_600, 'resolved'],
    ],
    ['a clock that goes back ends nothing', { status: 'firing', startedAt: 5_000, lastBreachAt: 6_000 }, calm, [100, 'same']],
  ])('%s', (_, open, observation, [now, to]) => {
    expect(step(TIMING, open, observation, now).to).toBe(to);
  });

  it('fire at once where nothing has to last, and say why', () => {
    expect(step({ ...TIMING, pendingFor: 0 }, undefined, breach, 0)).toEqual({ to: 'firing', reason: breach.reason });
  });
});

describe('a silence', () => {
  const rule = {
    ...{ id: 'r', name: 'Spikes', type: 'spike' as const, severity: 'error' as const, filter: {}, endpoints: null },
    ...{ group_by: ['service', 'cause'], labels: { team: 'payments' } },
  };
  const alert = { rule, key: ['checkout', 'expired_token'] };
  const during = { startsAt: new Date(1_000_000), endsAt: new Date(2_000_000) };

  it('fits alerts by every label that it names', () => {
    expect(labelsOf(alert)).toEqual({ team: 'payments', service: 'checkout', cause: 'expired_token', rule: 'Spikes', severity: 'error' });
    const silences = (matchers: Record<string, string>): boolean => isSilenced(alert, [{ matchers, ...during }], 1_500);
    expect(silences({ service: 'checkout' })).toBe(true);
    expect(silences({ service: 'check*', cause: 'expired_token', team: 'payments' })).toBe(true);
    expect(silences({ service: 'checkout', cause: 'clock_skew' })).toBe(false);
    expect(silences({ service: 'check' })).toBe(false);
    expect(silences({ route: '/a' })).toBe(false);
    expect(silences({ constructor: 'x*' })).toBe(false);
  });

  it('holds from its start to its end', () => {
    const at = (now: number): boolean => isSilenced(alert, [{ matchers: { rule: 'Spikes' }, ...during }], now);
    expect([at(999), at(1_000), at(1_999), at(2_000)]).toEqual([false, true, true, false]);
  });
});
