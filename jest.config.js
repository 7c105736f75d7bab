// Native ESM through swc: the working combination with TypeScript 7 and the ESM-only @actions packages.
export default {
  testEnvironment: 'node',
  // Most of an end-to-end test is waiting for processes: one worker a core keeps two cores busy.
  maxWorkers: '100%',
  // Nothing asserts a duration; a busy machine only takes longer.
  testTimeout: 180_000,
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['**/__tests__/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
