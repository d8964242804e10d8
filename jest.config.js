// Nobody reads where constructs of a test were made, and finding that out is a quarter of a synthesis.
process.env.CDK_CONTEXT_JSON = JSON.stringify({
  'aws:cdk:disable-stack-trace': true,
  'aws:cdk:disable-creation-stack-traces': true,
});

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  // These come as modules, which jest does not load, and in one file each, which it does.
  moduleNameMapper: { '^(d3-[a-z-]+|internmap)$': '<rootDir>/node_modules/$1/dist/$1.js' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json'],
  // 400 days take minutes and most of two processors: npm run test:year.
  testPathIgnorePatterns: process.env.TEST_YEAR ? [] : ['/simulation/year\\.test\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/build', '<rootDir>/assets'],
  // Removes the cloud assemblies that tests leave in the temporary folder.
  setupFilesAfterEnv: ['aws-cdk-lib/testhelpers/jest-autoclean'],
  // Looking a global up in a test's own realm is slow: a quarter of all the time that tests took. What tests replace or packages declare themselves is not here.
  sandboxInjectedGlobals: ['Array', 'JSON', 'Math', 'Number', 'Object', 'RegExp', 'String', 'Symbol'],
  testTimeout: 120_000,
  testSequencer: '<rootDir>/test/sequencer.mjs',
  // Twice the processors of a small machine: rehearsals wait half of their time.
  maxWorkers: 4,
};
