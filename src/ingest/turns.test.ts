import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('Turns', () => {
  it('serves projects in turn, and the requests of each in their order', async () => {
    const turns = new Turns(1, 1_000);
    expect(turns.tryEnter()).toBe(true);
    const served: string[] = [];
    for (const [project, name] of [
      [1, 'a1'],
      [1, 'a2'],
      [1, 'a3'],
      [2, 'b1'],
      [3, 'c1'],
      [2, 'b2'],
    ] as const)
      void turns.enter(project).then(() => served.push(name));
    for (let left = 6; left > 0; left -= 1) {
      turns.leave();
      await settled();
    }
    expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('lets 4,000 wait and turns away the next, until one was served', async () => {
    const turns = new Turns(1, 60_000);
    expect(turns.tryEnter()).toBe(true);
    const entries = Array.from({ length: 4_000 }, (_, index) => turns.enter(index % 7));
    expect(await turns.enter(8)).toBe(false);
    turns.leave();
    expect(await Promise.race(entries)).toBe(true);
    const late = turns.enter(8);
    for (let left = 4_000; left > 0; left -= 1) turns.leave();
    expect(await late).toBe(true);
  });

  it('turns away who would wait too long, and nobody else', async () => {
    const turns = new Turns(1, 20);
    expect(await turns.enter(1)).toBe(true);
    const waiting = turns.enter(1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await turns.enter(1)).toBe(false);
    const other = turns.enter(2);
    turns.leave();
    expect(await waiting).toBe(true);
    turns.leave();
    expect(await other).toBe(true);
    turns.leave();
    expect([turns.tryEnter(), turns.tryEnter()]).toEqual([true, false]);
  });
});
