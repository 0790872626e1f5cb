import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Closes a run with what was skipped because this machine lacks something, by reason, and with one
 * line `N passed, N failed, N skipped`.
 */
export class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    const byReason = new Map<string, string[]>();
    for (const module of modules) {
      // A file or suite that breaks before its tests run is a failure too.
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'skipped' : state] += 1;
        const { missing } = test.meta();
        if (state !== 'skipped' || missing === undefined) continue;
        byReason.set(missing, [...(byReason.get(missing) ?? []), test.fullName]);
      }
    }
    const lines = [...byReason].flatMap(([reason, tests]) => [
      '',
      `Skipped because ${reason}`,
      ...tests.map((name) => `  - ${name}`),
    ]);
    lines.push('', `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}
