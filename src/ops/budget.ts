/**
 * A limit that many share: bytes of bodies, signatures on their way to the queue, streams. Nobody gets more than what is left
 * free, so that one project that floods the receiver holds half of it at most while nobody else needs it, and less when
 * others do (dynamic thresholds, Choudhury and Hahne, IEEE/ACM ToN 1998).
 */
export class Budget {
  private used = 0;
  private readonly byProject = new Map<number, number>();

  constructor(private readonly limit: number) {}

  /** @returns false where the project would then hold more than is left free */
  has(projectId: number, amount: number): boolean {
    return (this.byProject.get(projectId) ?? 0) + amount <= this.limit - this.used - amount;
  }

  /** @returns false, and nothing taken, where there is no room for it */
  take(projectId: number, amount: number): boolean {
    if (!this.has(projectId, amount)) return false;
    this.byProject.set(projectId, (this.byProject.get(projectId) ?? 0) + amount);
    this.used += amount;
    return true;
  }

  give(projectId: number, amount: number): void {
    const own = (this.byProject.get(projectId) ?? 0) - amount;
    this.used -= amount;
    if (own > 0) this.byProject.set(projectId, own);
    else this.byProject.delete(projectId);
  }
}
