const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/sequencer.js',
  // Far more than any test takes: a machine that has other work to do fails none by it.
  testTimeout: 400_000,
  // Many tests wait for a server much of the time, so that two cores have work for more than Jest's default of one file at a time.
  maxWorkers: availableParallelism() + 1,
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // jose, commander and Kafka's client are published as ES modules only, which Jest's own loader cannot require.
  transformIgnorePatterns: ['/node_modules/(?!(jose|commander|@platformatic)/)'],
};
