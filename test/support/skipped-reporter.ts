/** Says loudly, at the end of a run, which tests were skipped: a skipped test is a promise that nobody checked. */
import type { AggregatedResult } from '@jest/reporters';

export default class SkippedReporter {
  onRunComplete(_: unknown, results: AggregatedResult): void {
    const skipped = results.testResults.flatMap(({ testResults }) =>
      testResults.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName),
    );
    if (skipped.length === 0) return;
    process.stderr.write(
      `\nSKIPPED ${String(skipped.length)} tests, whose parts are missing on this machine:\n${skipped.map((name) => `  - ${name}`).join('\n')}\n`,
    );
  }
}
