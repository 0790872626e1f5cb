import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { ClosingReporter } from './test/support/closing-reporter.js';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', new ClosingReporter()],
    testTimeout: 60_000,
    // Of two processors vitest would leave one to itself.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
