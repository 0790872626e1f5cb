import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../src/base/files.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-files-'));

describe('making a folder', () => {
  it('makes those above it too, and is content with one that is there', () => {
    const path = join(folder, 'a', 'b', 'c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('fails where a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, 'file'))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(folder, 'file', 'x'))).toThrow(/EEXIST|ENOTDIR/);
  });

  it('fails, and does not try for ever, where none can be made', (context) => {
    if (!existsSync('/proc/self')) context.skip('no /proc here');
    expect(() => makeFolder('/proc/engrammar/run')).toThrow(/ENOENT|EACCES|EPERM/);
  });
});
