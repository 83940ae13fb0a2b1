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
