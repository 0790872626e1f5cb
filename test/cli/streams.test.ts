import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileUnusable } from '../../src/base/diagnostics/run.js';
import { internalError } from '../../src/base/diagnostics/usage.js';
import { reportUnexpected, run, type Streams } from '../../src/cli/run.js';
import { build, root } from './cli.js';

beforeAll(build, 300_000);

const main = path.join(root, 'dist', 'src', 'cli', 'main.js');
const shell = promisify(execFile);

/** A command line of the shell, with `engrammar` in it. */
async function inShell(line: string): Promise<{ stdout: string; stderr: string }> {
  const whole = `engrammar() { "${process.execPath}" "${main}" "$@"; }; ${line}`;
  return shell('bash', ['-c', whole], { cwd: root });
}

describe('the streams', () => {
  it('of a reader that has seen enough end silently', async () => {
    const { stdout, stderr } = await inShell(
      'for i in 1 2 3; do engrammar explain --json | head -1; engrammar signals | true; done',
    );
    expect(stdout).toBe('[\n[\n[\n');
    expect(stderr).toBe('');
  });

  it('that cannot be written to are told of, without a stack trace', async (context) => {
    if (!existsSync('/dev/full')) context.skip('no /dev/full here');
    const { stdout, stderr } = await inShell('engrammar signals > /dev/full; echo "code $?"');
    const facts = {
      path: 'the standard output',
      act: 'write',
      reason: 'the disk is full',
    } as const;
    expect(stderr).toBe(`${fileUnusable.code} ${fileUnusable(facts).message}\n`);
    expect(stdout).toBe('code 1\n');
  });

  it('hold long documents whole', async () => {
    const { stdout } = await inShell('engrammar explain --json | cat');
    expect(JSON.parse(stdout).length).toBeGreaterThan(50);
  });
});

/** Streams that keep what is written; `stdout` may break. */
function kept(breaks = false): Streams & { texts: { out: string; err: string } } {
  const texts = { out: '', err: '' };
  return {
    texts,
    stdout: {
      write: (text) => {
        if (breaks && texts.out === '') {
          breaks = false;
          throw new TypeError('something nobody thought of\nin two lines');
        }
        texts.out += text;
      },
    },
    stderr: {
      write: (text) => {
        texts.err += text;
      },
    },
  };
}

describe('an unexpected error', () => {
  it('is one diagnostic that says what to report', async () => {
    const streams = kept(true);
    expect(await run(['signals'], streams, {})).toBe(1);
    expect(streams.texts.err).toContain(`${internalError.code} internal error: something nobody`);
    expect(streams.texts.err).toContain('ENGRAMMAR_DEBUG=1');
    expect(streams.texts.err).not.toMatch(/^ +at /m);
    expect(streams.texts.out).toBe('');
  });

  it('is JSON where JSON was asked for', async () => {
    const streams = kept(true);
    expect(await run(['signals', '--json'], streams, {})).toBe(1);
    expect(JSON.parse(streams.texts.out)).toMatchObject({
      ok: false,
      diagnostics: [{ code: internalError.code }],
    });
    expect(streams.texts.err).toBe('');
  });

  it('shows where it happened with ENGRAMMAR_DEBUG=1', async () => {
    const streams = kept(true);
    await run(['signals'], streams, { ENGRAMMAR_DEBUG: '1' });
    expect(streams.texts.err).toMatch(/^ +at /m);
  });

  it('is told when it reaches the process itself', () => {
    const streams = kept();
    reportUnexpected('not even an error', streams, {});
    expect(streams.texts.err).toContain(`${internalError.code} internal error: not even an error`);
  });
});
