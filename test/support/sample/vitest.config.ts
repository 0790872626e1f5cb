import { defineConfig } from 'vitest/config';
import { ClosingReporter } from '../closing-reporter.js';

/** The run that `requirements.test.ts` looks at from outside. */
export default defineConfig({
  test: {
    include: ['test/support/sample/*.sample.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: [new ClosingReporter()],
  },
});
