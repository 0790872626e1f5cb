import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { allDiagnostics } from '../../src/base/diagnostics/all.js';
import { CIRCUITS } from '../../src/circuits/registry.js';
import { functionNames } from '../../src/language/functions.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import { TASKS } from '../../src/tasks/registry.js';
import { build, document, engrammar, golden, here } from './cli.js';

beforeAll(build, 300_000);

/** Command lines whose whole output is kept as a golden file. */
const GOLDEN: readonly (readonly [string, string])[] = [
  ['help', '--help'],
  ['help-check', 'check --help'],
  ['help-show', 'show --help'],
  ['help-compare', 'compare --help'],
  ['help-terms', 'terms --help'],
  ['help-export', 'export --help'],
  ['help-discover', 'discover --help'],
  ['help-infer', 'infer --help'],
  ['help-report', 'report --help'],
  ['help-resume', 'resume --help'],
  ['help-runs', 'runs --help'],
  ['help-bench', 'bench --help'],
  ['show-oja', 'show oja'],
  ['show-f_bio', 'show f_bio'],
  ['compare-oja', 'compare oja'],
  ['compare-stdp_triplet', 'compare stdp_triplet'],
  ['compare-hebb-hebb_decay', 'compare hebb hebb_decay'],
  ['terms', 'terms shervani_tabar_2023'],
  ['check', 'check rules/oja.rule rules/spaces/shervani_tabar_2023.space experiments/digits.yaml'],
  ['export-latex', 'export oja --to latex'],
  ['export-latex-standalone', 'export oja_subspace --to latex --standalone'],
  ['circuits', 'circuits'],
  ['signals', 'signals'],
  ['signals-feed-forward', 'signals feed-forward'],
  ['tasks', 'tasks'],
  ['functions', 'functions'],
  ['explain', 'explain'],
  ['explain-E201', 'explain e201'],
];

describe('what people read', () => {
  it.each(GOLDEN)('%s', async (name, line) => {
    const { code, stdout, stderr } = await engrammar(line.split(' '));
    expect([code, stderr]).toEqual([0, '']);
    await expect(stdout).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  it('has no colours in a pipe, and is not wrapped there', async () => {
    const { stdout } = await engrammar(['signals']);
    expect(stdout).not.toContain('\u001b');
    const [signals = '', others] = stdout.trimEnd().split('\n\n');
    expect(signals.split('\n')).toHaveLength(wholeVocabulary.signals.length + 1);
    expect(others).toMatch(/^phases .*\nevents .*\ntime .*$/);
  });

  it('is as wide as COLUMNS says, and as colourful as FORCE_COLOR', async () => {
    const env = { COLUMNS: '72', FORCE_COLOR: '1' };
    const { stdout } = await engrammar(['signals'], { env });
    expect(stdout).toContain('\u001b');
    const visible = stripVTControlCharacters(stdout);
    expect(Math.max(...visible.split('\n').map((line) => line.length))).toBeLessThanOrEqual(72);
  });

  it('is told by the doctor, who tries every engine', async () => {
    const { code, stdout } = await engrammar(['doctor']);
    expect(code).toBe(0);
    for (const engine of ['interpret', 'fused', 'tfjs cpu', 'tfjs wasm']) {
      expect(stdout).toMatch(new RegExp(`^${engine} +yes$`, 'm'));
    }
    expect(stdout).toMatch(/^tfjs tensorflow +(yes|no: .*)$/m);
  });
});

interface CircuitDocument extends Named {
  readonly projections: readonly { readonly kind: string; readonly time: string }[];
  readonly options: readonly object[];
}

interface SignalDocument extends Named {
  readonly projections: readonly string[];
}

interface Named {
  readonly schemaVersion: number;
  readonly name: string;
}

describe('what programs read', () => {
  it('show', async () => {
    const shown = await document(['show', 'oja']);
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(
      golden('show-oja.json'),
    );
    expect(Object.keys(shown as object)).toEqual(
      expect.arrayContaining(['name', 'text', 'normalForm', 'latex', 'locality', 'cost']),
    );
    expect(shown).toMatchObject({ schemaVersion: 1, name: 'oja', locality: 'synapse' });
  });

  it('show: the place that makes a rule what it is', async () => {
    expect(await document(['show', 'oja_subspace'])).toMatchObject({
      locality: 'transport',
      localityBecause: { text: 'sum_post(post * w)', line: expect.any(Number) },
    });
  });

  it('compare: with all rules, and with one', async () => {
    const among = await document<{ nearest: object[] }>(['compare', 'hebb_decay']);
    expect(among).toMatchObject({ schemaVersion: 1, name: 'hebb_decay', equal: true });
    expect(among.nearest[0]).toMatchObject({ name: 'hebb_decay', distance: 0, difference: '' });
    expect(among.nearest).toHaveLength(5);
    expect(await document(['compare', 'hebb_decay', 'hebb'])).toEqual({
      schemaVersion: 1,
      name: 'hebb_decay',
      equal: false,
      difference: 'dw: - 0.001 * w',
      nearest: [
        { name: 'hebb', distance: 0.5, scale: 1, equal: false, difference: 'dw: - 0.001 * w' },
      ],
    });
  });

  it('compare: a rule like no other has no neighbours', async () => {
    const { stdout } = await here(['compare', 'test/fixtures/like-no-other.rule']);
    expect(stdout).toContain('none of the known rules');
    expect(stdout).toContain('nothing in common');
  });

  it('terms', async () => {
    const library = await document<{ terms: object[] }>(['terms', 'shervani_tabar_2023']);
    expect(library).toMatchObject({ derived: 10, merged: 0, outsideBounds: 0, schemaVersion: 1 });
    expect(library.terms).toHaveLength(10);
    expect(library.terms[3]).toEqual({
      id: 'F3',
      text: '-w',
      latex: '-w_{ij}',
      complexity: 1,
      locality: 'synapse',
    });
  });

  it('terms: what depends on what', async () => {
    const library = await document<{ dependences: object[] }>(['terms', 'error_polynomial']);
    expect(library.dependences.length).toBeGreaterThan(0);
    const { stdout } = await engrammar(['terms', 'error_polynomial']);
    expect(stdout).toMatch(/^Linear dependences among the terms \(\d+\):$/m);
    expect(stdout).toMatch(/^ {2}(?:- )?\w+(?: [-+] \w+)+ = 0$/m);
  });

  it('check', async () => {
    const entries = await document(['check', 'rules/oja.rule', 'experiments/digits.yaml']);
    expect(entries).toMatchObject([
      { file: 'rules/oja.rule', kind: 'rule', name: 'oja', ok: true, locality: 'synapse' },
      { name: 'oja_subspace', locality: 'transport' },
      { name: 'sanger' },
      { kind: 'experiment', name: 'digits', ok: true, diagnostics: [], schemaVersion: 1 },
    ]);
  });

  it('export', async () => {
    const exported = await document<{ code: string }>(['export', 'oja', '--to', 'latex']);
    expect(exported).toMatchObject({ schemaVersion: 1, target: 'latex', verified: false });
    expect(exported.code).toContain('\\Delta w_{ij}');
  });

  it('the lists of what there is', async () => {
    const lists: [string, readonly string[]][] = [
      ['circuits', CIRCUITS.map(({ name }) => name)],
      ['signals', wholeVocabulary.signals.map(({ name }) => name)],
      ['tasks', TASKS.map(({ name }) => name)],
      ['functions', functionNames],
      ['explain', allDiagnostics.map(({ code }) => code)],
    ];
    for (const [command, names] of lists) {
      const list = await document<Named[]>([command]);
      expect(list.map(({ name }) => name)).toEqual(names);
      expect(new Set(list.map(({ schemaVersion }) => schemaVersion))).toEqual(new Set([1]));
    }
  });

  it('circuits: projections, phases, events, time, settings', async () => {
    const [first, ...others] = await document<CircuitDocument[]>(['circuits']);
    expect(first!.projections.map(({ kind }) => kind)).toEqual(['forward', 'feedback', 'bias']);
    expect(first!.projections[0]).toMatchObject({
      events: ['trial.start', 'trial.end'],
      time: 'steps',
      signals: expect.arrayContaining(['w', 'post.error']),
    });
    expect(first!.options).toContainEqual({
      name: 'beta',
      meaning: expect.any(String),
      fallback: 10,
      range: 'a number above 0',
    });
    const spiking = others.find(({ name }) => name === 'spiking');
    expect(spiking!.projections[0]!.time).toBe('milliseconds');
  });

  it('signals of a circuit say at which projections, and of a projection only what it offers', async () => {
    const all = await document<SignalDocument[]>(['signals', 'feed-forward']);
    expect(all.find(({ name }) => name === 'pre.error')!.projections).toEqual([
      'forward',
      'feedback',
    ]);
    const bias = await document<SignalDocument[]>(['signals', 'feed-forward', 'bias']);
    expect(bias.map(({ name }) => name)).not.toContain('pre.error');
  });

  it('doctor', async () => {
    const report = await document<{ engines: object[] }>(['doctor']);
    expect(report).toMatchObject({ schemaVersion: 1, node: process.version });
    expect(report.engines[0]).toEqual({
      engine: 'interpret',
      backend: null,
      available: true,
      reason: null,
    });
  });

  it('explain, help and the version', async () => {
    expect(await document(['explain', 'E201'])).toMatchObject({ code: 'E201', schemaVersion: 1 });
    expect(await document(['--help'])).toMatchObject({ help: expect.stringContaining('Usage') });
    expect(await document(['--version'])).toMatchObject({ version: expect.any(String) });
  });
});
