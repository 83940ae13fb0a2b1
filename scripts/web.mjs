/**
 * `node scripts/web.mjs`: bundles the dashboard (src/web) into dist/web, every file beside its compressed forms, so that
 * the service only hands bytes out. Names carry a hash of the contents; the page names them. Called by scripts/run.mjs.
 */
import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const TARGET = join('dist', 'web');

rmSync(TARGET, { recursive: true, force: true });
mkdirSync(TARGET, { recursive: true });
const { outputFiles } = await build({
  entryPoints: {
    app: 'src/web/view/main.tsx',
    theme: 'src/web/view/early-theme.ts',
    style: 'src/web/style/index.css',
    icon: 'src/web/style/icon.svg',
  },
  outdir: TARGET,
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  tsconfig: 'src/web/tsconfig.json',
  loader: { '.svg': 'copy' },
  legalComments: 'eof',
  logLevel: 'warning',
  write: false,
});
const names = new Map(outputFiles.map(({ path }) => [basename(path).replace(/-[^-]+(?=\.\w+$)/, ''), basename(path)]));
for (const { path, contents } of outputFiles) store(basename(path), Buffer.from(contents));
const page = readFileSync(join('src', 'web', 'index.html'), 'utf8');
store('index.html', Buffer.from(page.replace(/\/assets\/(\w+\.\w+)/g, (_match, name) => `/assets/${nameOf(name)}`)));

function nameOf(name) {
  const built = names.get(name);
  if (built === undefined) throw new Error(`src/web/index.html names /assets/${name}, which the build does not make`);
  return built;
}

function store(name, contents) {
  writeFileSync(join(TARGET, name), contents);
  writeFileSync(join(TARGET, `${name}.gz`), gzipSync(contents, { level: 9 }));
  writeFileSync(join(TARGET, `${name}.br`), brotliCompressSync(contents));
}
