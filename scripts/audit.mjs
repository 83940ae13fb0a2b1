/**
 * `node scripts/audit.mjs`: asks the registry for advisories on what the lock file installs at run time, and fails where one
 * is high or critical. A registry that cannot say is told of, loudly, and fails nothing: not every mirror has advisories.
 * npm's own exit code is the same for both.
 */
import { spawnSync } from 'node:child_process';

const { stdout, stderr, error } = spawnSync(
  'npm',
  ['audit', '--package-lock-only', '--omit=dev', '--audit-level=high', '--json', '--fetch-retries=1', '--fetch-timeout=30000'],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
const report = reportIn(stdout ?? '');
if (report?.error?.code !== undefined) {
  process.stderr.write(`cannot audit: ${report.error.summary} (${report.error.code})\n`);
  process.exitCode = 1;
} else if (report?.metadata?.vulnerabilities === undefined) {
  const reason = report?.message ?? report?.error?.summary ?? error?.message ?? stderr.trim();
  process.stderr.write(`\n*** NOT AUDITED: the registry does not tell whether dependencies have known vulnerabilities.\n*** ${reason}\n\n`);
} else {
  const grave = Object.values(report.vulnerabilities).filter(({ severity }) => severity === 'high' || severity === 'critical');
  for (const { name, severity, range, via } of grave) {
    const titles = via.map((one) => (typeof one === 'string' ? `through ${one}` : `${one.title} ${one.url}`));
    process.stderr.write(`${severity}: ${name} ${range}: ${titles.join('; ')}\n`);
  }
  const { total } = report.metadata.vulnerabilities;
  process.stdout.write(`audited what is installed at run time: ${grave.length} high or critical of ${total} known vulnerabilities\n`);
  process.exitCode = grave.length > 0 ? 1 : 0;
}

function reportIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
