import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..', '..');

/** A run of vitest on the sample, on a machine without TeX: its exit code and printed lines. */
function runSample(file: string, env: Record<string, string>) {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = path.join('test', 'support', 'sample', 'vitest.config.ts');
  const { status, stdout } = spawnSync(
    process.execPath,
    [vitest, 'run', '--config', config, '--root', root, file],
    { cwd: root, encoding: 'utf8', env: { PATH: '/nowhere', ...env } },
  );
  return { status, lines: stdout.trimEnd().split('\n') };
}

describe('tests that need what is missing', () => {
  it('are skipped and listed, and the last line counts', () => {
    const { status, lines } = runSample('needs', {});
    expect(status).toBe(0);
    const list = lines.findIndex((line) => line.startsWith('Skipped because tex is missing: '));
    expect(lines.slice(list + 1)).toEqual([
      '  - with TeX > fails',
      '  - with TeX > inside > fails too',
      '  - alone',
      '',
      '1 passed, 0 failed, 4 skipped',
    ]);
  });

  it('fail when everything is required', () => {
    const { status, lines } = runSample('needs', { ENGRAMMAR_REQUIRE_ALL: '1' });
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe('1 passed, 2 failed, 1 skipped');
  });
});

describe('a file that breaks before its tests run', () => {
  it('counts as failed', () => {
    const { status, lines } = runSample('broken', {});
    expect(status).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped');
  });
});
