const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2022',
        parser: { syntax: 'typescript', decorators: true },
        transform: {
          legacyDecorator: true,
          decoratorMetadata: false,
          useDefineForClassFields: false,
        },
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

const project = (name, extra = {}) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  transform,
  ...extra,
});

// One Neo4j a run, started only when one of these is run; its test files go one at a time (test/support/jest/).
const onNeo4j = {
  globalSetup: '<rootDir>/test/support/jest/global-setup.js',
  globalTeardown: '<rootDir>/test/support/jest/global-teardown.js',
  runner: '<rootDir>/test/support/jest/one-file-at-a-time.js',
};

export default {
  projects: [
    project('unit'),
    project('architecture'),
    project('conformance', onNeo4j),
    project('integration', onNeo4j),
    project('scenarios', onNeo4j),
    project('e2e', onNeo4j),
  ],
  coverageProvider: 'v8',
  maxWorkers: 2,
  testTimeout: 30_000,
};
