/** Looks for many byte strings at once, in files and in texts. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export class Scanner {
  /** One bit a three-byte beginning: nearly every position of a file is passed with one look. */
  private readonly beginnings = new Uint8Array(1 << 24);
  private readonly byBeginning = new Map<number, Buffer[]>();

  constructor(needles: Iterable<string>) {
    for (const needle of new Set(needles)) {
      const bytes = Buffer.from(needle);
      const beginning = bytes.readUIntBE(0, 3);
      this.beginnings[beginning] = 1;
      this.byBeginning.set(beginning, [...(this.byBeginning.get(beginning) ?? []), bytes]);
    }
  }

  /** @returns the needles that stand in the bytes */
  find(bytes: Buffer): string[] {
    const found = new Set<string>();
    for (let at = 0; at + 2 < bytes.length; at += 1) {
      const beginning = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      if (this.beginnings[beginning] !== 1) continue;
      for (const needle of this.byBeginning.get(beginning) ?? []) {
        if (bytes.compare(needle, 0, needle.length, at, Math.min(bytes.length, at + needle.length)) === 0) found.add(needle.toString());
      }
    }
    return [...found];
  }

  /** Every file below a directory, whatever it is. */
  async findInFiles(directory: string): Promise<{ bytes: number; found: string[] }> {
    const names = await readdir(directory, { recursive: true, withFileTypes: true });
    const found: string[] = [];
    let bytes = 0;
    for (const entry of names) {
      if (!entry.isFile()) continue;
      const content = await readFile(join(entry.parentPath, entry.name));
      bytes += content.length;
      found.push(...this.find(content).map((needle) => `${entry.name}: ${needle}`));
    }
    return { bytes, found };
  }
}
