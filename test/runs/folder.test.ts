import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as kinds from '../../src/base/diagnostics/run.js';
import { Stream } from '../../src/base/random.js';
import { EngrammarError, unwrap } from '../../src/base/result.js';
import { createRun, openRun, type RunFacts } from '../../src/runs/folder.js';
import { readHistory } from '../../src/runs/history.js';
import { listRuns, newRunFolder, readRun } from '../../src/runs/list.js';
import { startHolder } from './processes.js';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'engrammar-runs-'));
  folder = join(root, 'deep', 'run');
});
afterEach(() => rmSync(root, { recursive: true }));

const facts: RunFacts = {
  name: 'digits',
  config: { space: 'paper', learner: { rate: 1e-3, hidden: [3, 4] }, same: ['a', 'a'] },
  command: ['engrammar', 'discover', 'digits'],
  seed: 7,
  versions: { engrammar: '0.1.0' },
  inputs: { 'paper.space': 'space paper { term hebb = pre * post }' },
};
const file = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(file(name), 'utf8');

describe('a run folder', () => {
  it('holds everything a run was', () => {
    const run = unwrap(createRun(folder, facts));
    expect(JSON.parse(text('manifest.json'))).toMatchObject({
      schemaVersion: 1,
      name: 'digits',
      status: 'running',
      seed: 7,
      command: ['engrammar', 'discover', 'digits'],
      versions: { engrammar: '0.1.0', node: process.versions.node },
      finished: null,
    });
    expect(parse(text('config.yaml'))).toEqual(facts.config);
    expect(text('inputs/paper.space')).toBe(facts.inputs!['paper.space']);
    for (let step = 0; step < 3; step++) run.record({ step, loss: 1 / (step + 1) });
    run.writeRule('rule found { dw = pre * post }');
    run.writeLatex('\\Delta w');
    run.writeResult({ metrics: { accuracy: 0.5 } });
    run.finish('done');
    const whole = unwrap(readRun(folder));
    expect(whole.status).toBe('done');
    expect(whole.manifest.finished).not.toBeNull();
    expect(whole.history).toEqual([0, 1, 2].map((step) => ({ step, loss: 1 / (step + 1) })));
    expect(whole.rule).toBe('rule found { dw = pre * post }\n');
    expect(whole.latex).toBe('\\Delta w\n');
    expect(whole.result).toEqual({ schemaVersion: 1, metrics: { accuracy: 0.5 } });
    expect(readdirSync(folder).sort()).toEqual([
      'config.yaml',
      'history.jsonl',
      'inputs',
      'manifest.json',
      'result.json',
      'rule.rule',
      'rule.tex',
    ]);
  });

  it('is never written over', () => {
    unwrap(createRun(folder, facts)).finish('done');
    const before = text('manifest.json');
    const again = createRun(folder, { ...facts, seed: 8 });
    expect(!again.ok && again.diagnostics).toEqual([
      kinds.runFolderTaken({ folder, file: 'manifest.json' }),
    ]);
    expect(text('manifest.json')).toBe(before);
    const mine = join(root, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'result.json'), 'precious');
    const other = createRun(mine, facts);
    expect(!other.ok && other.diagnostics).toEqual([
      kinds.runFolderTaken({ folder: mine, file: 'result.json' }),
    ]);
    expect(readdirSync(mine)).toEqual(['result.json']);
  });

  it('may lie among files of other kinds', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file('notes.txt'), 'mine');
    unwrap(createRun(folder, facts)).finish('done');
    expect(text('notes.txt')).toBe('mine');
  });

  it('that cannot be made is told with the reason', () => {
    writeFileSync(join(root, 'deep'), 'a file');
    const result = createRun(folder, facts);
    expect(!result.ok && result.diagnostics).toEqual([
      kinds.runFolderUnwritable({
        folder,
        reason: 'a part of its path is a file, not a folder',
      }),
    ]);
  });

  it('that a person may not write to is told with the reason', async () => {
    const closed = join(root, 'closed');
    mkdirSync(closed);
    chmodSync(root, 0o755);
    chmodSync(closed, 0o555);
    const holder = startHolder('as-nobody', join(closed, 'run'));
    if (process.platform !== 'win32') expect(await holder.said()).toBe('E610');
    await holder.kill();
    expect(existsSync(join(closed, 'run'))).toBe(false);
  });

  it('says which file could not be written, and keeps the old one whole', () => {
    const run = unwrap(createRun(folder, facts));
    run.saveCheckpoint({ step: 1 });
    const before = text('checkpoint.json');
    // A folder in the way of the file that is written aside.
    mkdirSync(file(`checkpoint.json.${process.pid}.part`));
    const write = () => run.saveCheckpoint({ step: 2 });
    expect(write).toThrow(EngrammarError);
    expect(write).toThrow(/cannot write .*checkpoint\.json: it is a folder/);
    expect(text('checkpoint.json')).toBe(before);
    run.finish('failed');
  });
});

describe('resuming', () => {
  it('goes back to the checkpoint, in the history too', () => {
    const run = unwrap(createRun(folder, facts));
    run.record({ step: 0 });
    run.record({ step: 1, words: 'å ±' });
    run.saveCheckpoint({ step: 2, coefficients: [0.25] });
    run.record({ step: 2 });
    run.finish('interrupted');
    const resumed = unwrap(openRun(folder));
    expect(resumed.checkpoint).toEqual({ step: 2, coefficients: [0.25] });
    expect(resumed.config).toEqual(facts.config);
    expect(resumed.inputs).toEqual(facts.inputs);
    resumed.run.record({ step: 2, again: true });
    resumed.run.finish('done');
    const { history, manifest } = unwrap(readRun(folder));
    expect(history).toEqual([{ step: 0 }, { step: 1, words: 'å ±' }, { step: 2, again: true }]);
    expect(manifest.resumed).toHaveLength(1);
    const done = openRun(folder);
    expect(!done.ok && done.diagnostics).toEqual([kinds.runFinished({ folder, status: 'done' })]);
  });

  it('begins anew where no checkpoint was made', () => {
    const run = unwrap(createRun(folder, facts));
    run.record({ step: 0 });
    run.finish('failed');
    const resumed = unwrap(openRun(folder));
    expect(resumed.checkpoint).toBeUndefined();
    resumed.run.finish('interrupted');
    expect(unwrap(readRun(folder)).history).toEqual([]);
  });

  it.each(['{"step": 2, "los', '{"step": 2}', '\u0000\u0000\u0000'])(
    'reads past a last line cut off as %j',
    (rest) => {
      const run = unwrap(createRun(folder, facts));
      run.record({ step: 0 });
      run.record({ step: 1 });
      run.saveCheckpoint({});
      run.finish('interrupted');
      appendFileSync(file('history.jsonl'), rest);
      expect(unwrap(readRun(folder)).history).toEqual([{ step: 0 }, { step: 1 }]);
      const { run: again } = unwrap(openRun(folder));
      again.record({ step: 2 });
      again.finish('interrupted');
      expect(unwrap(readRun(folder)).history).toEqual([{ step: 0 }, { step: 1 }, { step: 2 }]);
    },
  );

  it('after being killed in the middle of writing finds a whole checkpoint and its history', async () => {
    const holder = startHolder('write', folder);
    expect(await holder.said()).toBe('held');
    expect(await holder.said()).toBe('writing');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await holder.kill();
    const [listed] = unwrap(listRuns(join(root, 'deep')));
    expect([listed?.manifest.status, listed?.status]).toEqual(['running', 'interrupted']);
    const resumed = unwrap(openRun(folder));
    const { step } = resumed.checkpoint as { step: number };
    const { records, damaged } = readHistory(file('history.jsonl'));
    expect(step).toBeGreaterThan(40);
    expect(damaged).toBeNull();
    expect(records.map((record) => (record as { step: number }).step)).toEqual([
      ...Array(step + 1).keys(),
    ]);
    resumed.run.finish('interrupted');
  });

  it('refuses a changed configuration or input, and frees the folder', () => {
    unwrap(createRun(folder, facts)).finish('interrupted');
    const config = text('config.yaml');
    writeFileSync(file('config.yaml'), config.replace('paper', 'other'));
    const changed = openRun(folder);
    expect(!changed.ok && changed.diagnostics).toEqual([
      kinds.runConfigChanged({ path: file('config.yaml') }),
    ]);
    writeFileSync(file('config.yaml'), config);
    writeFileSync(file('inputs/paper.space'), 'space paper {}');
    const input = openRun(folder);
    expect(!input.ok && input.diagnostics[0]?.code).toBe(kinds.runConfigChanged.code);
    rmSync(file('inputs/paper.space'));
    const gone = openRun(folder);
    expect(!gone.ok && gone.diagnostics[0]?.code).toBe(kinds.runFileDamaged.code);
    expect(existsSync(file('lock.json'))).toBe(false);
  });

  it('refuses data that are no longer what they were', () => {
    const data = join(root, 'data.csv');
    writeFileSync(data, 'x\n1\n');
    unwrap(createRun(folder, { ...facts, data: [data] })).finish('interrupted');
    writeFileSync(data, 'x\n2\n');
    const changed = openRun(folder);
    expect(!changed.ok && changed.diagnostics).toEqual([kinds.runDataChanged({ path: data })]);
    rmSync(data);
    const gone = openRun(folder);
    expect(!gone.ok && gone.diagnostics).toEqual([kinds.fileMissing({ path: data })]);
    writeFileSync(data, 'x\n1\n');
    unwrap(openRun(folder)).run.finish('interrupted');
  });

  it('refuses every file with a single bit flipped, and every cut off file, and changes nothing', () => {
    const run = unwrap(createRun(folder, facts));
    for (let step = 0; step < 5; step++) run.record({ step, loss: 1 / (step + 1) });
    run.saveCheckpoint({ step: 5, coefficients: [0.1, -0.2] });
    run.finish('interrupted');
    const stream = new Stream(1, 'damage');
    for (const name of ['manifest.json', 'checkpoint.json', 'history.jsonl', 'config.yaml']) {
      const whole = readFileSync(file(name));
      const refused = (content: Buffer): void => {
        writeFileSync(file(name), content);
        const result = openRun(folder);
        const [fault] = result.ok ? [] : result.diagnostics;
        expect(fault?.message, `${name}: ${content.toString()}`).toContain(file(name));
        expect(readFileSync(file(name))).toEqual(content);
        expect(existsSync(file('lock.json'))).toBe(false);
      };
      for (let trial = 0; trial < 40; trial++) {
        const flipped = Buffer.from(whole);
        flipped[stream.integer(whole.length - 1)]! ^= 1 << stream.integer(8);
        refused(flipped);
        refused(whole.subarray(0, stream.integer(whole.length - 1)));
      }
      writeFileSync(file(name), whole);
    }
    writeFileSync(file('checkpoint.json.123.part'), 'half a checkp');
    const resumed = unwrap(openRun(folder));
    expect(resumed.history).toHaveLength(5);
    expect(existsSync(file('checkpoint.json.123.part'))).toBe(false);
    resumed.run.finish('interrupted');
  });

  it('notices when what a finished run wrote was changed, for reports', () => {
    const run = unwrap(createRun(folder, facts));
    run.record({ step: 0 });
    run.writeRule('rule r { dw = pre }');
    run.writeResult({ loss: 0.5 });
    run.finish('done');
    for (const name of ['config.yaml', 'history.jsonl', 'rule.rule', 'result.json']) {
      const whole = text(name);
      writeFileSync(file(name), whole.replace(/[0-9e]/, '7'));
      const read = readRun(folder);
      const [fault] = read.ok ? [] : read.diagnostics;
      expect(fault?.code).toBe(kinds.runFileDamaged.code);
      expect(fault?.message).toContain(file(name));
      writeFileSync(file(name), whole);
    }
    expect(readRun(folder).ok).toBe(true);
  });

  it('tells of damaged and of unknown files', () => {
    const run = unwrap(createRun(folder, facts));
    run.saveCheckpoint({ step: 1 });
    run.finish('interrupted');
    const manifest = text('manifest.json');
    const codes = (content: string, name = 'manifest.json'): string[] => {
      writeFileSync(file(name), content);
      const result = openRun(folder);
      return result.ok ? [] : result.diagnostics.map(({ code }) => code);
    };
    const damaged = [kinds.runFileDamaged.code];
    for (const content of ['', '{', '[]', 'null', '{"schemaVersion": 1}', manifest.slice(0, 80)]) {
      expect(codes(content)).toEqual(damaged);
    }
    expect(codes(manifest.replace('"schemaVersion": 1', '"schemaVersion": 2'))).toEqual([
      kinds.runVersionUnknown.code,
    ]);
    writeFileSync(file('manifest.json'), manifest);
    expect(codes('{"schemaVersion": 1, "historyBytes": -1}', 'checkpoint.json')).toEqual(damaged);
    expect(codes('{"schemaVer', 'checkpoint.json')).toEqual(damaged);
    rmSync(file('checkpoint.json'));
    unwrap(openRun(folder)).run.finish('interrupted');
  });

  it('needs a run', () => {
    const result = openRun(folder);
    expect(!result.ok && result.diagnostics).toEqual([
      kinds.runFolderMissing({ folder, found: undefined }),
    ]);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('many runs', () => {
  const day = new Date(2024, 1, 3);

  it('get folders named by day, experiment and number', () => {
    const make = (name: string) => unwrap(newRunFolder(name, root, day));
    expect([make('digits'), make('digits'), make('my exp/../ø'), make('')]).toEqual(
      [
        '2024-02-03-digits-1',
        '2024-02-03-digits-2',
        '2024-02-03-my-exp-..-ø-1',
        '2024-02-03-experiment-1',
      ].map((name) => join(root, name)),
    );
    writeFileSync(join(root, 'file'), '');
    const result = newRunFolder('digits', join(root, 'file', 'runs'), day);
    expect(!result.ok && result.diagnostics[0]?.code).toBe(kinds.runFolderUnwritable.code);
  });

  it('are listed, with damaged ones as warnings', () => {
    for (const name of ['a', 'b', 'c']) {
      const path = unwrap(newRunFolder(name, root, day));
      unwrap(createRun(path, { ...facts, name })).finish(name === 'a' ? 'done' : 'interrupted');
    }
    writeFileSync(join(root, '2024-02-03-b-1', 'manifest.json'), '{');
    mkdirSync(join(root, 'no run'));
    const listed = listRuns(root);
    expect(unwrap(listed).map(({ manifest, status }) => [manifest.name, status])).toEqual([
      ['a', 'done'],
      ['c', 'interrupted'],
    ]);
    expect(listed.ok && listed.warnings.map(({ code }) => code)).toEqual([
      kinds.runFileDamaged.code,
    ]);
    expect(unwrap(listRuns(join(root, 'nowhere')))).toEqual([]);
    const near = readRun(join(root, '2024-02-03-a-2'));
    expect(!near.ok && near.diagnostics[0]?.hint).toContain('2024-02-03-a-1');
  });
});
