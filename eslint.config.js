// Who may import whom, which library lives where, how long things may grow: each a rule that fails `npm run lint`.
// test/int/guards.int.test.ts lints wrong snippets and expects the errors.
import tseslint from 'typescript-eslint';
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import regexp from 'eslint-plugin-regexp';

/** Read a row as "<folder> may import …". Root files (main, app.module, http-server, config) may import all. */
const MAY_IMPORT = {
  core: [],
  ops: ['core'],
  queue: ['core', 'ops'],
  store: ['core', 'ops'],
  ingest: ['core', 'ops', 'queue'],
  query: ['core', 'ops', 'store'],
  teach: ['core', 'ops', 'store', 'query'],
  classify: ['core', 'ops', 'queue', 'store', 'teach'],
  alert: ['core', 'ops', 'queue', 'store', 'query'],
  keys: ['core', 'ops', 'store'],
  openapi: ['core', 'ops', 'ingest'],
  // Scripts outside may copy it.
  client: [],
  // The dashboard speaks to the REST API alone.
  web: ['client'],
};

/** Each outside library has one home; everyone else goes through that folder. */
const HOME_OF = {
  typeorm: 'store',
  pg: 'store',
  bullmq: 'queue',
  ioredis: 'queue',
  protobufjs: 'ingest',
  '@grpc/grpc-js': 'ingest',
  re2js: 'teach',
  preact: 'web',
  uplot: 'web',
};

const folders = Object.keys(MAY_IMPORT);

const zones = folders.map((folder) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [`./${folder}`, ...MAY_IMPORT[folder].map((other) => `./${other}`)],
  message: `src/${folder} may import only: ${[folder, ...MAY_IMPORT[folder]].join(', ')}`,
}));

const banned = (folder) =>
  Object.entries(HOME_OF)
    .filter(([, home]) => home !== folder)
    .map(([name, home]) => ({ name, message: `${name} lives in src/${home}` }));

const ENV = { object: 'process', property: 'env', message: 'only src/config.ts reads the environment' };

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'examples/', 'scripts/', '*.config.js', '.why401/', 'src/client/schema.ts'] },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  // Nest and OpenTelemetry type options as classes and mean plain objects.
  { rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' } },
  { rules: { '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_item$' }] } },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: {
      // Without this parser entry import-x/no-cycle never fires on .ts files and says nothing.
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createTypeScriptImportResolver()],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      // Nest modules are empty decorated classes.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/config.ts', 'src/core/**', '**/*.test.ts'],
    rules: { 'no-restricted-properties': ['error', ENV] },
  },
  ...folders
    .filter((folder) => folder !== 'core')
    .map((folder) => ({
      files: [`src/${folder}/**/*.{ts,tsx}`],
      rules: { 'no-restricted-imports': ['error', { paths: banned(folder) }] },
    })),
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^(?!\\.\\.?/)', message: 'src/core imports only its own files' }] }],
      'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'console', 'Buffer'],
      'no-restricted-properties': ['error', ENV, { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'take the time as an argument' },
      ],
    },
  },
  {
    // Patterns meet what strangers send: each must run in time proportional to its input.
    files: ['src/**/*.{ts,tsx}'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'certain', ignorePartial: false, ignoreSticky: true }],
    },
  },
  // Tables are data: long, and without logic to get lost in.
  {
    files: ['src/core/rules/tables/*.ts', 'src/core/reading/{lexicon,grammar}.ts', 'src/openapi/examples.ts'],
    rules: { 'max-lines': 'off' },
  },
  { files: ['**/*.test.ts', 'test/**/*.ts', 'bench/**/*.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
);
