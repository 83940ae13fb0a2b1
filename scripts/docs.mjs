/**
 * `npm run docs`: writes the parts of the documentation that are made from the code. With `--check` it writes nothing
 * and fails where a written part is stale, a relative link leads nowhere, a named npm script does not exist, or a
 * dependency has no sentence in docs/dependencies.md.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SETTINGS } from '../dist/src/config.js';
import { NAMES } from '../dist/src/core/fields.js';

const isCheck = process.argv.includes('--check');
const problems = [];
const pages = [...readdirSync('.'), ...readdirSync('docs', { recursive: true }).map((path) => join('docs', path))].filter((path) =>
  path.endsWith('.md'),
);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

fill('README.md', 'settings', settingsTable());
fill('docs/sending.md', 'fields', fieldsTable());
for (const page of pages) {
  const text = readFileSync(page, 'utf8');
  for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
    if (!existsSync(join(dirname(page), target))) problems.push(`${page}: the link ${target} leads nowhere`);
  }
  for (const [, script] of text.matchAll(/npm run ([\w:-]+)/g)) {
    if (manifest.scripts[script] === undefined) problems.push(`${page}: there is no npm script "${script}"`);
  }
}
const sentences = readFileSync('docs/dependencies.md', 'utf8');
for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
  if (!sentences.includes(`\`${name}\``)) problems.push(`docs/dependencies.md: ${name} has no sentence`);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

function settingsTable() {
  const rows = Object.values(SETTINGS).map(
    ({ name, default: value, meaning }) => `| \`${name}\` | ${value === '' ? 'unset' : `\`${value}\``} | ${meaning} |`,
  );
  return ['| name | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function fieldsTable() {
  const rows = Object.entries(NAMES).map(([field, names]) => `| ${field} | ${names.map((name) => `\`${name}\``).join(', ')} |`);
  return ['| what | attributes |', '| --- | --- |', ...rows].join('\n');
}

function fill(path, name, content) {
  const text = readFileSync(path, 'utf8');
  const block = new RegExp(`(<!-- ${name} -->\\n)[^]*?(\\n<!-- /${name} -->)`);
  const filled = text.replace(block, `$1${content}$2`);
  if (!block.test(text)) problems.push(`${path}: the block <!-- ${name} --> is missing`);
  else if (isCheck && filled !== text) problems.push(`${path}: the block "${name}" is stale; run npm run docs`);
  else if (!isCheck) writeFileSync(path, filled);
}
