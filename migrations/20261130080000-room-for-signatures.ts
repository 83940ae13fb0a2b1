import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the signatures in a page few are written again at once, and find room for their second versions in less. */
export class RoomForSignatures20261130080000 implements MigrationInterface {
  name = 'RoomForSignatures20261130080000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signatures SET (fillfactor = 85)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signatures SET (fillfactor = 70)');
  }
}
