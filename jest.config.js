import { availableParallelism } from 'node:os';

// Tests run as compiled (npm test builds first), so that they are type-checked and need no transformer.
const shared = { testEnvironment: 'node', transform: {} };

export default {
  // Tests wait for processes more than they compute: two at a time also where there are two cores.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testTimeout: 60_000,
  reporters: ['default', ['<rootDir>/dist/test/support/skipped-reporter.js', {}]],
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/dist/src/**/*.test.js'] },
    {
      ...shared,
      displayName: 'int',
      testMatch: ['<rootDir>/dist/test/int/**/*.int.test.js'],
      globalSetup: '<rootDir>/dist/test/support/global-setup.js',
      globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/dist/test/e2e/**/*.e2e.test.js'] },
  ],
};
