import { defineConfig } from 'vitest/config';
import { ClosingReporter } from './test/support/closing-reporter.js';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', new ClosingReporter()],
    testTimeout: 30_000,
  },
});
