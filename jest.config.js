// How the sources become JavaScript is told in .swcrc, for processes that tests start as well (test/support/compiled-sources.ts). This
// line is for files that ask for jest's own environment; for all others see test/support/jest/typescript.js.
const transform = { '^.+\\.ts$': '@swc/jest' };

const project = (name) => ({
  displayName: name,
  testEnvironment: '<rootDir>/test/support/jest/shared-environment.js',
  runtime: '<rootDir>/test/support/jest/runtime.js',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/'],
  transform,
  runner: '<rootDir>/test/support/jest/lanes.js',
});

export default {
  projects: [
    'unit',
    'architecture',
    'conformance',
    'integration',
    'scenarios',
    'questions',
    'visibility',
    'e2e',
  ].map(project),
  coverageProvider: 'v8',
  // Two lanes, each with a Neo4j of its own (test/support/jest/).
  maxWorkers: 2,
  // Only against hanging: a cold Neo4j beside other work has taken half a minute to plan the statements of one file.
  testTimeout: 300_000,
};
