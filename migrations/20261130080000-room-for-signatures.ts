import type { MigrationInterface, QueryRunner } from 'typeorm';

/** All signatures of a page are seen again within ten seconds: each needs room for a second version beside it. */
export class RoomForSignatures20261130080000 implements MigrationInterface {
  name = 'RoomForSignatures20261130080000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signatures SET (fillfactor = 50)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signatures SET (fillfactor = 70)');
  }
}
