import { describe, expect, it } from '@jest/globals';
import { readCursor, writeCursor, type Paged } from './cursor.js';

const DAY = 86_400;
const RETENTION = { '10s': 2 * DAY, '1m': 30 * DAY, '1h': 400 * DAY, samples: 7 * DAY };
const PAGED: Paged = { projectId: 1, list: 'samples', filters: { service: ['checkout'] } };
const now = Math.floor(Date.now() / 1000);
const POSITION = { span: { from: now - DAY, to: now }, at: 1_234_567_890_123, id: '-42' };

describe('cursors', () => {
  it('come back as they were written', () => {
    expect(readCursor(PAGED, writeCursor(PAGED, POSITION), RETENTION)).toEqual(POSITION);
  });

  it('are refused for another project, another list, other filters, and after any change', () => {
    const cursor = writeCursor(PAGED, POSITION);
    const refused = { errors: [expect.objectContaining({ field: 'cursor' })] };
    const read = (paged: Paged, text: string): unknown => {
      try {
        return readCursor(paged, text, RETENTION);
      } catch (error) {
        return error;
      }
    };
    expect(read({ ...PAGED, projectId: 2 }, cursor)).toMatchObject(refused);
    expect(read({ ...PAGED, list: 'signatures' }, cursor)).toMatchObject(refused);
    expect(read({ ...PAGED, filters: {} }, cursor)).toMatchObject(refused);
    const bytes = Buffer.from(cursor, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(read(PAGED, changed.toString('base64url'))).toMatchObject(refused);
    }
  });
});
