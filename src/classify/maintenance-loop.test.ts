import { describe, expect, it } from '@jest/globals';
import { MaintenanceLoop } from './maintenance-loop.js';

describe('a maintenance loop', () => {
  it('goes on after a failure, and tells the same one once, until it is another or over', async () => {
    const outcomes = ['away', 'away', 'locked', 'locked', 'away', '', 'away', 'away'];
    const told: string[] = [];
    let runs = 0;
    let done: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    const maintain = (): Promise<void> => {
      const outcome = outcomes[runs] ?? '';
      runs += 1;
      if (runs > outcomes.length) done();
      return outcome === '' ? Promise.resolve() : Promise.reject(new Error(outcome));
    };
    const loop = new MaintenanceLoop(maintain, 1, { maintenanceFailed: (error) => told.push((error as Error).message) });
    loop.start();
    await all;
    await loop.stop();
    expect(told).toEqual(['away', 'locked', 'away', 'away']);
  });
});
