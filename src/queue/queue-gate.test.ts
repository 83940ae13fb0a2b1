import { describe, expect, it } from '@jest/globals';
import { QueueGate } from './queue-gate.js';

function gateOver(state: { depth: number; ageMs: number }): { gate: QueueGate; told: (string | undefined)[] } {
  const told: (string | undefined)[] = [];
  const queue = { depth: () => Promise.resolve(state.depth), ageMs: () => Promise.resolve(state.ageMs) };
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

  it('keeps what it knows while the queue does not answer', async () => {
    const gate = new QueueGate({ depth: () => Promise.reject(new Error('away')), ageMs: () => Promise.resolve(0) }, () => undefined);
    await gate.look();
    expect(gate.reason).toBeUndefined();
  });
});
