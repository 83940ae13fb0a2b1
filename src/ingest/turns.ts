/**
 * Who is served next where only few can be at a time: the projects in turn, and each one's requests in the order in which
 * they came. When a project's requests have waited too long, its next ones are turned away at once: more than can be
 * served only makes everybody wait, and what waits takes memory.
 */

/** How many wait at most, over all projects. */
const MAX_WAITING = 4_000;

interface Waiter {
  sinceMs: number;
  admit: () => void;
}

export class Turns {
  private inside = 0;
  private count = 0;
  /** By project; who was served last stands last. */
  private readonly waiting = new Map<number, Waiter[]>();

  /**
   * @param atOnce how many are served at a time
   * @param longestWaitMs beyond it no more of the project's requests are let in to wait
   */
  constructor(
    private readonly atOnce: number,
    private readonly longestWaitMs: number,
  ) {}

  /** Resolves when it is one's turn. @returns false for one who has to come again; anyone else must leave */
  async enter(projectId: number): Promise<boolean> {
    if (this.tryEnter()) return true;
    const line = this.waiting.get(projectId) ?? [];
    const now = performance.now();
    if (this.count >= MAX_WAITING || now - (line[0]?.sinceMs ?? now) > this.longestWaitMs) return false;
    this.waiting.set(projectId, line);
    this.count += 1;
    await new Promise<void>((admit) => line.push({ sinceMs: now, admit }));
    return true;
  }

  /** @returns false where one would have to wait */
  tryEnter(): boolean {
    if (this.inside >= this.atOnce) return false;
    this.inside += 1;
    return true;
  }

  leave(): void {
    const next = this.next();
    if (next === undefined) this.inside -= 1;
    else next.admit();
  }

  private next(): Waiter | undefined {
    const [first] = this.waiting;
    if (first === undefined) return undefined;
    const [projectId, line] = first;
    const waiter = line.shift();
    this.count -= 1;
    this.waiting.delete(projectId);
    if (line.length > 0) this.waiting.set(projectId, line);
    return waiter;
  }
}
