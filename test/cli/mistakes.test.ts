import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { unknownName, unlikeUnits } from '../../src/base/diagnostics/language.js';
import { fileMissing, fileNotText } from '../../src/base/diagnostics/run.js';
import { allTermsExcluded, termExcluded } from '../../src/base/diagnostics/space.js';
import { emptyFile, missingOperator } from '../../src/base/diagnostics/syntax.js';
import { build, document, engrammar, here } from './cli.js';

beforeAll(build, 300_000);

const folder = mkdtempSync(join(tmpdir(), 'engrammar-mistakes-'));

/** A wrong file with what the first line must say about it. */
interface Mistake {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  readonly place: string;
  readonly code: string;
  readonly hint: RegExp;
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'a misspelt signal',
    file: 'misspelt.rule',
    text: 'rule misspelt { param eta = 0.01\n  dw = eta * post.eror * pre }\n',
    place: '2:14',
    code: unknownName.code,
    hint: /did you mean `post\.error`\?/,
  },
  {
    what: 'a missing *',
    file: 'missing.rule',
    text: 'rule missing { param eta = 0.01\n  dw = eta * post pre }\n',
    place: '2:14',
    code: missingOperator.code,
    hint: /`post \* pre`/,
  },
  {
    what: 'two unlike units added',
    file: 'units.rule',
    text: 'rule units { param tau = 20 ms, low = -70 mV\n  dw = (tau + low) * pre }\n',
    place: '2:8',
    code: unlikeUnits.code,
    hint: /divide/,
  },
  {
    what: "a space whose only term needs another synapse's weight, which it forbids",
    file: 'local.space',
    text: 'space local {\n  term f = post * sum_post(post * w)\n  keep locality <= neuron\n}\n',
    place: '2:3',
    code: allTermsExcluded.code,
    hint: /keep locality <= transport/,
  },
  {
    what: 'an empty file',
    file: 'empty.rule',
    text: '',
    place: '1:1',
    code: emptyFile.code,
    hint: /rule NAME/,
  },
];

const inFolder = (file: string): string => join(folder, file);

describe.each(MISTAKES)('$what', ({ file, text, place, code, hint }) => {
  writeFileSync(inFolder(file), text);

  it('is told with its place, what is meant, and exit code 1', async () => {
    const ran = await engrammar(['check', file], { cwd: folder });
    expect(ran.stdout.split('\n')[0]).toMatch(new RegExp(`^${file}:${place} ${code} .+`));
    expect(ran.stdout).toMatch(hint);
    expect([ran.code, ran.stderr]).toEqual([1, '']);
  });

  it('is told as JSON', async () => {
    const [line, column] = place.split(':').map(Number);
    const path = inFolder(file);
    const entries = await document<{ diagnostics: object[] }[]>(['check', path], here);
    expect(entries).toMatchObject([{ schemaVersion: 1, file: path, ok: false }]);
    expect(entries[0]!.diagnostics[0]).toMatchObject({ code, severity: 'error', line, column });
  });

  it('is told by every command that reads the file', async () => {
    const command = [file.endsWith('.space') ? 'terms' : 'show', inFolder(file)];
    const ran = await here(command);
    expect(ran.stderr.split('\n')[0]).toContain(`${file}:${place} ${code} `);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    const told = await document<{ diagnostics: object[] }>(command, here);
    expect(told).toMatchObject({ schemaVersion: 1, ok: false });
    expect(told.diagnostics[0]).toMatchObject({ code });
  });
});

describe('check', () => {
  it('warns of a term that a space excludes, and keeps the others', async () => {
    const file = inFolder('partly.space');
    const terms = '  term a = post * pre\n  term b = sum_all(w)\n';
    writeFileSync(file, `space s {\n${terms}  keep locality <= feedback\n}`);
    const checked = await here(['check', file]);
    expect(checked.code).toBe(0);
    expect(checked.stdout).toContain(`${file}:3:12 ${termExcluded.code} `);
    const library = await document(['terms', file], here);
    expect(library).toMatchObject({ terms: [{ id: 'a' }], outsideBounds: 1 });
    // The warning is talk: on stderr, and not with --quiet.
    const [loud, quiet] = [await here(['terms', file]), await here(['terms', file, '--quiet'])];
    expect(loud.stderr).toContain(termExcluded.code);
    expect(quiet).toEqual({ ...loud, stderr: '' });
  });

  it('a misspelt rule hides neither the mistakes of another nor a rule that is right', async () => {
    const file = inFolder('three.rule');
    const rules = [
      'rule a { param eta = 0.1 dw = eta * post.eror * pre }',
      'rule b { param eta = 2   dw = eta post * pre }',
      'rule c { param tau = 20 ms dw = tau + post }',
      'rule d { dw = post * pre }',
    ];
    writeFileSync(file, rules.join('\n'));
    const { code, stdout } = await here(['check', file]);
    expect(code).toBe(1);
    const first = stdout.split('\n').filter((line) => line.startsWith(file));
    const begins = first.map((line) => line.slice(file.length).split(' ', 2).join(' '));
    expect(begins).toEqual([
      `:2:31 ${missingOperator.code}`,
      `:1:37 ${unknownName.code}`,
      `:3:33 ${unlikeUnits.code}`,
      ': rule',
    ]);
  });

  it('tells of all files, whatever is wrong with some', async () => {
    writeFileSync(inFolder('fine.rule'), 'rule fine { dw = post * pre }');
    writeFileSync(inFolder('binary.rule'), Buffer.from([0x72, 0xff, 0xfe]));
    const files = ['nowhere.rule', 'binary.rule', 'fine.rule', 'misspelt.rule'].map(inFolder);
    const ran = await here(['check', ...files]);
    expect(ran.code).toBe(1);
    const missing = fileMissing({ path: files[0]! }).message;
    expect(ran.stdout.split('\n')[0]).toBe(`${files[0]}:1:1 ${fileMissing.code} ${missing}`);
    expect(ran.stdout).toContain(`binary.rule:1:1 ${fileNotText.code} `);
    expect(ran.stdout).toContain('fine.rule: rule fine ok — synapse-local');
    const entries = await document(['check', ...files], here);
    expect(entries).toMatchObject([{ ok: false }, { ok: false }, { ok: true }, { ok: false }]);
  });

  it('finds the mistakes of an experiment', async () => {
    writeFileSync(inFolder('wrong.yaml'), 'space: shervani_tabar_2023\nseed: often\n');
    const ran = await here(['check', inFolder('wrong.yaml')]);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/wrong\.yaml:2:7 E5\d\d /);
  });
});

describe('check of an experiment', () => {
  const OJA = [
    'circuit: {name: layer}',
    'task: {name: gaussian, eigenvalues: [3, 1], steps: 200}',
    'evaluate: {tasks: 3}',
  ].join('\n');
  const two = 'rule one { dw = pre }\nrule two { dw = post }\n';

  it.each([
    ['a parameter that no rule has', `rule: oja\nvalues: {etaa: 1}\n${OJA}`, '2:10 E444'],
    [
      'that of a contestant',
      `rule: oja\n${OJA}\ncompare: [{name: x, values: {b: 1}}]`,
      '5:30 E444',
    ],
    ['a projection that is none', `rules:\n  recurrent: oja\n${OJA}`, '2:3 E443'],
    ['a file with two rules', `rule: two.rule\n${OJA}`, '1:7 E541'],
    [
      'a contestant without its input',
      `rule: oja\n${OJA}\ncompare:\n  - {name: x, circuit: {name: recurrent}}`,
      '6:12 E810',
    ],
    ['a gradient of no loss', `rules: {}\n${OJA}\ndescent: {rate: 0.1}`, '5:1 E550'],
    ['a signal that is not offered', `rule: wrong.rule\n${OJA}`, 'wrong.rule:1:19 E202'],
    ['terms that are not offered', `space: wrong.space\n${OJA}`, 'wrong.space:1:22 E202'],
  ])('tells %s as a run would', async (_, text, place) => {
    writeFileSync(inFolder('two.rule'), two);
    writeFileSync(inFolder('wrong.rule'), 'rule wrong { dw = reward }\n');
    writeFileSync(inFolder('wrong.space'), 'space wrong { term = reward * pre }\n');
    writeFileSync(inFolder('fits.yaml'), text);
    const { code, stdout } = await engrammar(['check', 'fits.yaml'], { cwd: folder });
    expect(stdout.split('\n')[0]).toContain(place.includes('.') ? place : `fits.yaml:${place} `);
    expect(code).toBe(1);
  });

  it('refuses what does not fit into memory before anything is made', async () => {
    writeFileSync(
      inFolder('wide.yaml'),
      `rule: oja\n${OJA.replace('layer', 'layer, outputs: 1000000000')}`,
    );
    writeFileSync(
      inFolder('long.yaml'),
      `rule: oja\n${OJA.replace('200', '10000000, trials: 1000000')}`,
    );
    const wide = await engrammar(['check', 'wide.yaml'], { cwd: folder });
    expect(wide.stdout).toMatch(
      /^wide\.yaml:2:10 E806 layer 2-1000000000 \(linear\) has 2,000,000,000 weights\n/,
    );
    expect(wide.stdout).toContain('expected: at most 268,435,456 weights');
    const long = await engrammar(['check', 'long.yaml'], { cwd: folder });
    expect(long.stderr).toMatch(
      /^E539 this does not fit into memory \(.*(length|allocation).*\)\n {2}hint: take fewer steps/,
    );
    expect([wide.code, long.code]).toEqual([1, 1]);
  });
});
