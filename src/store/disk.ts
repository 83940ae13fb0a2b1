/**
 * Keeps the disk of the embedded database from filling up: while little is free, detail is kept for less long, the finest first, and
 * for longer again once there is room. Nothing is lost by that but detail, until only hours are left.
 */
import { statfs } from 'node:fs/promises';
import { squeezed, MOST_SQUEEZES, type Retention } from '../core/levels.js';
import type { PartHealth } from '../ops/health.js';

const GIB = 1024 ** 3;
/** Of the disk, and never more than this: the log of the database alone takes a gibibyte. */
const LEAST_PART = 0.1;
const LEAST_BYTES = 5 * GIB;

export interface Room {
  free: number;
  total: number;
}

export class Disk {
  private squeezes = 0;
  private room: Room | undefined;

  /** @param look bytes of the disk that are free, and all */
  constructor(
    private readonly retention: Retention,
    private readonly look: () => Promise<Room>,
  ) {}

  /** @param directory where the database has its files */
  static of(retention: Retention, directory: string): Disk {
    return new Disk(retention, async () => {
      const { bavail, blocks, bsize } = await statfs(directory);
      return { free: bavail * bsize, total: blocks * bsize };
    });
  }

  /** Looks at the disk; once a minute. @returns how long figures are kept for now */
  async kept(): Promise<Retention> {
    this.room = await this.look();
    const { free, total } = this.room;
    const least = Math.min(LEAST_PART * total, LEAST_BYTES);
    if (free < least) this.squeezes = Math.min(this.squeezes + 1, MOST_SQUEEZES);
    else if (free > 2 * least) this.squeezes = Math.max(this.squeezes - 1, 0);
    return squeezed(this.retention, this.squeezes);
  }

  health(): PartHealth {
    if (this.squeezes === 0) return { status: 'ok' };
    const { '10s': fine, '1m': minutes, '1h': hours } = squeezed(this.retention, this.squeezes);
    const kept = [fine, minutes, hours].map((seconds) => `${(seconds / 3_600).toFixed(0)} h`).join(', ');
    return {
      status: 'warning',
      detail: `the disk has ${((this.room?.free ?? 0) / GIB).toFixed(1)} GiB left: until there is room, counts by 10 s, minute and hour are kept for ${kept}; free some, or set WHY401_RETENTION to less`,
    };
  }
}
