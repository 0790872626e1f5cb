import { describe, expect, it } from 'vitest';
import { diagnosticKind } from '../../src/base/diagnostics/diagnostic.js';
import { EngrammarError, failure, success, unwrap } from '../../src/base/result.js';

const wrong = diagnosticKind<object>('E998', 'Wrong', 'It is wrong.', () => ({ message: 'wrong' }));
const odd = diagnosticKind<object>('W998', 'Odd', 'It is odd.', () => ({ message: 'odd' }));

describe('a result', () => {
  it('holds the value, with warnings or without', () => {
    expect(success(3)).toEqual({ ok: true, value: 3, warnings: [] });
    expect(success(3, [odd({})])).toEqual({ ok: true, value: 3, warnings: [odd({})] });
  });

  it('holds every diagnostic of a failure', () => {
    expect(failure(wrong({}), odd({}))).toEqual({ ok: false, diagnostics: [wrong({}), odd({})] });
  });

  it('is unwrapped to the value, or throws the diagnostics', () => {
    expect(unwrap(success('a'))).toBe('a');
    const thrown = catching(() => unwrap(failure(wrong({}), wrong({}))));
    expect(thrown).toBeInstanceOf(EngrammarError);
    expect((thrown as EngrammarError).diagnostics).toEqual([wrong({}), wrong({})]);
    expect((thrown as EngrammarError).message).toBe('E998 wrong\nE998 wrong');
  });
});

function catching(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
