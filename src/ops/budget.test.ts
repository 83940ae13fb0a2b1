import { describe, expect, it } from '@jest/globals';
import { Budget } from './budget.js';

describe('Budget', () => {
  it('gives one project half while nobody else asks, and others a share of what is left', () => {
    const budget = new Budget(120);
    expect([budget.take(1, 60), budget.take(1, 1)]).toEqual([true, false]);
    expect([budget.take(2, 30), budget.take(2, 1), budget.take(3, 15)]).toEqual([true, false, true]);
  });

  it('takes nothing where it refuses, and has all again when all is given back', () => {
    const budget = new Budget(100);
    expect(budget.take(1, 51)).toBe(false);
    expect(budget.take(1, 50)).toBe(true);
    budget.give(1, 50);
    expect([budget.take(2, 50), budget.take(1, 25)]).toEqual([true, true]);
  });
});
