import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  notInCatalogue,
  notInFile,
  otherKindInFile,
  severalInFile,
} from '../../src/base/diagnostics/catalogue.js';
import { sameNameTwice } from '../../src/base/diagnostics/language.js';
import { fileMissing } from '../../src/base/diagnostics/run.js';
import { loadFile, loadRule, loadSpace } from '../../src/catalogue/load.js';
import { catalogueFiles } from '../../src/catalogue/shelves.js';
import { checkItem } from '../../src/compile.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-catalogue-'));
function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const two = written('two.rule', 'rule a { dw = pre } rule b { dw = post }');
const mixed = written('mixed.rule', 'rule a { dw = pre } space s { term = post }');

const nameOf = (result: ReturnType<typeof loadRule | typeof loadSpace>) =>
  result.ok ? result.value.item.name : result.diagnostics;

describe('rules and spaces by name', () => {
  it('come from the catalogue by the name of their file', () => {
    expect(nameOf(loadRule('oja'))).toBe('oja');
    expect(nameOf(loadSpace('shervani_tabar_2023'))).toBe('shervani_tabar_2023');
  });

  it('come from the catalogue by their own name, whatever file they are in', () => {
    expect(nameOf(loadRule('sanger'))).toBe('sanger');
    expect(nameOf(loadRule('oja#sanger'))).toBe('sanger');
  });

  it('come from a file that holds one of their kind', () => {
    expect(nameOf(loadRule(mixed))).toBe('a');
    expect(nameOf(loadSpace(mixed))).toBe('s');
    expect(nameOf(loadRule(`${two}#b`))).toBe('b');
  });

  it('come from files with a # in their names', () => {
    expect(nameOf(loadRule(written('#1.rule', 'rule odd { dw = pre }')))).toBe('odd');
  });

  it('are refused with the nearest name when there is none', () => {
    const result = loadRule('ojja');
    expect(result.ok ? null : result.diagnostics[0]).toMatchObject({
      code: notInCatalogue.code,
      hint: 'did you mean oja?',
    });
  });

  it('have to be named where a file holds several', () => {
    const facts = { file: two, kind: 'rule', names: ['a', 'b'] } as const;
    expect(nameOf(loadRule(two))).toEqual([severalInFile(facts)]);
  });

  it('are refused where a file has two of one name', () => {
    const file = written('twice.rule', 'rule a { dw = pre }\nrule a { dw = post }');
    const refused = nameOf(loadRule(`${file}#a`));
    expect(refused).toMatchObject([{ code: sameNameTwice.code, span: { start: 25, end: 26 } }]);
  });

  it('are refused with the names that are there', () => {
    const facts = { file: two, kind: 'rule', name: 'c', names: ['a', 'b'] } as const;
    expect(nameOf(loadRule(`${two}#c`))).toEqual([notInFile(facts)]);
    expect(nameOf(loadRule(`${mixed}#s`))).toEqual([
      otherKindInFile({ reference: `${mixed}#s`, kind: 'rule' }),
    ]);
    expect(nameOf(loadSpace(two))).toEqual([otherKindInFile({ reference: two, kind: 'space' })]);
    expect(nameOf(loadRule('./no-such.rule'))).toEqual([fileMissing({ path: './no-such.rule' })]);
  });
});

describe('the catalogue', () => {
  const files = catalogueFiles();

  it('has rules and spaces', () => {
    expect(new Set(files.map(({ kind }) => kind))).toEqual(new Set(['rule', 'space']));
  });

  it.each(files.map(({ path, name }) => [name, path]))('%s is without mistakes', (_, path) => {
    const file = loadFile(path!);
    if (!file.ok) throw new Error(JSON.stringify(file.diagnostics));
    for (const item of file.value.items) {
      const checked = checkItem(item, file.value.source);
      expect(checked.ok ? checked.warnings : checked.diagnostics).toEqual([]);
    }
  });
});
