import { describe, expect, it } from '@jest/globals';
import { QueueGate } from './queue-gate.js';

/** @param state `waitedMs`: of the batches in line alone */
function gateOver(state: { depth: number; ageMs: number; waitedMs?: number }): { gate: QueueGate; told: (string | undefined)[] } {
  const told: (string | undefined)[] = [];
  const queue = {
    depth: () => Promise.resolve(state.depth),
    ageMs: (states?: readonly string[]) => Promise.resolve(states === undefined ? state.ageMs : (state.waitedMs ?? 0)),
  };
  return { gate: new QueueGate(queue, (reason) => told.push(reason)), told };
}

describe('QueueGate', () => {
  it('closes while too many batches wait, tells it once, and opens again', async () => {
    const state = { depth: 5_000, ageMs: 0 };
    const { gate, told } = gateOver(state);
    await gate.look();
    await gate.look();
    expect(gate.reason).toMatch(/5000 batches wait/);
    expect(gate.health()).toMatchObject({ status: 'warning', detail: expect.stringContaining('503') });
    state.depth = 4_999;
    await gate.look();
    expect([gate.reason, gate.health().status]).toEqual([undefined, 'ok']);
    expect(told).toEqual([expect.stringContaining('5000'), undefined]);
  });

  it('closes when a batch has waited for hours, and warns long before', async () => {
    const state = { depth: 3, ageMs: 90_000 };
    const { gate } = gateOver(state);
    await gate.look();
    expect(gate.reason).toBeUndefined();
    expect(gate.health()).toMatchObject({ status: 'warning', detail: expect.stringContaining('90 s') });
    state.ageMs = 6 * 3_600_000;
    await gate.look();
    expect(gate.reason).toMatch(/6\.0 hours/);
  });

  it('has receivers pause the longer, the longer batches wait, as long as somebody counts them', async () => {
    // One batch is tried again and again: it is none of those in line.
    const state = { depth: 3, ageMs: 30_000, waitedMs: 0 };
    const { gate } = gateOver(state);
    const pauses: number[] = [];
    for (const waitedMs of [0, 499, 700, 1_500, 2_500, 59_000, 61_000]) {
      state.waitedMs = waitedMs;
      await gate.look();
      pauses.push(gate.pauseMs);
    }
    expect(pauses).toEqual([0, 0, 100, 500, 1_000, 1_000, 0]);
  });

  it('keeps what it knows while the queue does not answer', async () => {
    const gate = new QueueGate({ depth: () => Promise.reject(new Error('away')), ageMs: () => Promise.resolve(0) }, () => undefined);
    await gate.look();
    expect(gate.reason).toBeUndefined();
  });
});
