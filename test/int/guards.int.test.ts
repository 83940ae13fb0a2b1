import { describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Lints a file that does not exist in the repository, as if it stood at the path given. */
async function lint(path: string, code: string): Promise<string[]> {
  // The type-aware rules read the file from disk, so it stands there while it is linted.
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, code);
  try {
    const [result] = await new ESLint().lintFiles([path]);
    return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? 'parse'}: ${message}`);
  } finally {
    await rm(path);
  }
}

describe('import guards', () => {
  it.each([
    ['src/core', "import { problemOf } from '../ops/problem.js';\nexport const used = problemOf;\n", 'import-x/no-restricted-paths: '],
    ['src/core', "import { readFileSync } from 'node:fs';\nexport const used = readFileSync;\n", 'no-restricted-imports: '],
    ['src/core', 'export const used = Date.now();\n', 'no-restricted-properties: '],
    ['src/core', 'export const used = new Date();\n', 'no-restricted-syntax: '],
    [
      'src/ingest',
      "import { openDatabase } from '../store/database.js';\nexport const used = openDatabase;\n",
      'import-x/no-restricted-paths: ',
    ],
    [
      'src/query',
      "import { BatchQueue } from '../queue/batch-queue.js';\nexport const used = BatchQueue;\n",
      'import-x/no-restricted-paths: ',
    ],
    ['src/query', "import { RE2JS } from 're2js';\nexport const used = RE2JS;\n", 'no-restricted-imports: '],
    ['src/core', 'export const used = /(a+)+$/.test(String(1));\n', 'regexp/no-super-linear-backtracking: '],
    ['src/query', "import { render } from 'preact';\nexport const used = render;\n", 'no-restricted-imports: '],
    ['src/web', "import { problemOf } from '../ops/problem.js';\nexport const used = problemOf;\n", 'import-x/no-restricted-paths: '],
    [
      'src/web',
      "import type { topAnswer } from '../query/answers.js';\nexport type Used = typeof topAnswer;\n",
      'import-x/no-restricted-paths: ',
    ],
    ['src/query', "import pg from 'pg';\nexport const used = pg;\n", 'no-restricted-imports: '],
    ['src/store', "import { Queue } from 'bullmq';\nexport const used = Queue;\n", 'no-restricted-imports: '],
    ['src/queue', 'export const used = process.env;\n', 'no-restricted-properties: '],
    [
      'src/ops',
      `export function long(): number {\n${'  used();\n'.repeat(61)}  return 1;\n}\nfunction used(): void {\n  return;\n}\n`,
      'max-lines-per-function: ',
    ],
  ])('fail on a violation in %s', async (folder, code, error) => {
    const messages = await lint(join(folder, `violation-${String(process.pid)}.ts`), code);
    expect(messages.filter((message) => message.startsWith(error))).toHaveLength(1);
  });

  it('let through what is allowed', async () => {
    expect(
      await lint(
        `src/query/allowed-${String(process.pid)}.ts`,
        "import { problemOf } from '../ops/problem.js';\nexport const used = problemOf;\n",
      ),
    ).toEqual([]);
  });
});

describe('the sizes of the heap', () => {
  it('are the same for npm start and for the image', async () => {
    const [scripts = '', image] = await Promise.all(['package.json', 'Dockerfile'].map((file) => readFile(file, 'utf8')));
    const options = scripts.match(/--(?:max-(?:old|semi)-space-size|heap-growing-percent)=\d+/g) ?? [];
    expect(options).toHaveLength(3);
    for (const option of options) expect(image).toContain(`"${option}"`);
    // Where objects begin: the figures are measured with it.
    expect(scripts).toContain('--no-allocation-site-pretenuring ');
    expect(image).toContain('"--no-allocation-site-pretenuring"');
  });
});
