import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as kinds from '../../src/base/diagnostics/experiment.js';
import { renderDiagnostic } from '../../src/base/diagnostics/render.js';
import { fileMissing, fileNotText, fileTooBig } from '../../src/base/diagnostics/run.js';
import { Stream } from '../../src/base/random.js';
import { unwrap } from '../../src/base/result.js';
import { loadExperiment, parseExperiment } from '../../src/experiments/load.js';
import { experimentShape } from '../../src/experiments/schema.js';
import { readYaml } from '../../src/experiments/yaml.js';
import { mutate, processorTime } from '../tasks/mutate.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'engrammar-yaml-'));
  writeFileSync(join(folder, 'my.space'), 'space my { term hebb = pre * post }');
  writeFileSync(join(folder, 'my.rule'), 'rule my { dw = pre * post }');
});
afterAll(() => rmSync(folder, { recursive: true }));

const SMALLEST = 'space: my.space\ncircuit: {name: feed-forward}\ntask: {name: digits}\n';

function parse(text: string, overrides = [] as Parameters<typeof parseExperiment>[2]) {
  return parseExperiment({ name: 'my.yaml', text }, folder, overrides);
}

/** First lines of all diagnostics, as a person reads them. */
function faults(text: string, overrides?: Parameters<typeof parseExperiment>[2]): string[] {
  const result = parse(text, overrides);
  if (result.ok) return [];
  return result.diagnostics.map((d) => renderDiagnostic(d).split('\n')[0]!);
}

describe('an experiment', () => {
  it('gets every default', () => {
    const { config, subject, name } = unwrap(parse(SMALLEST));
    expect(name).toBe('my');
    expect(subject).toEqual({
      kind: 'space',
      reference: join(folder, 'my.space'),
      file: join(folder, 'my.space'),
      item: undefined,
    });
    expect({ ...config, space: 'my.space' }).toMatchInlineSnapshot(`
      {
        "baselines": [
          "feedback-alignment",
          "backpropagation",
          "best-single-term",
        ],
        "circuit": {
          "beta": 10,
          "bias": false,
          "differentiateFeedback": true,
          "feedback": "random",
          "feedbackScale": 1,
          "hidden": [
            64,
            48,
            32,
            24,
          ],
          "measures": [],
          "name": "feed-forward",
          "outputs": null,
          "weightScale": 1,
        },
        "compare": [],
        "engine": {
          "name": "fused",
        },
        "evaluate": {
          "also": [],
          "level": 0.95,
          "tasks": 100,
        },
        "learner": {
          "batch": 1,
          "clip": 1,
          "episodes": 300,
          "optimizer": "adam",
          "pairs": 8,
          "path": 0,
          "penalty": 0,
          "rate": 0.001,
          "scaling": true,
          "schedule": "constant",
          "spread": 0.02,
          "start": 0.001,
        },
        "seed": 1,
        "select": {
          "beam": 2,
          "by": "loss",
          "method": "penalty",
          "monomials": 4,
          "probed": 24,
          "refitEpisodes": 100,
          "searches": 1,
          "slopes": 10,
          "tasks": 24,
          "threshold": 0.1,
          "tried": 8,
        },
        "space": "my.space",
        "task": {
          "heldOut": 0.3,
          "name": "digits",
          "pool": 2,
          "queries": 10,
          "shots": 20,
          "validation": 0,
          "ways": 5,
        },
      }
    `);
  });

  it('takes every option', () => {
    const text = `
about: all of them
rule: my.rule#my
circuit: {name: feed-forward, hidden: [8, 7], feedback: symmetric, beta: 5}
task: {name: images, images: a.gz, labels: /b, ways: 3, shots: 2, queries: 1, pool: 4, heldOut: 0.5}
learner: {optimizer: proximal, episodes: 0, rate: 0.5, batch: 2, start: 0, penalty: 1.5, scaling: false, clip: 0}
select: {threshold: 0, refitEpisodes: 0, searches: 3}
baselines: []
evaluate: {tasks: 5, level: 0.9}
engine: {name: tfjs, backend: cpu}
seed: 7
workers: 2
`;
    const { config, subject } = unwrap(parse(text));
    expect(subject?.item).toBe('my');
    expect(config.rule).toBe(`${join(folder, 'my.rule')}#my`);
    expect(config.task).toMatchObject({ images: join(folder, 'a.gz'), labels: '/b', pool: 4 });
    expect(config.learner.clip).toBe(0);
    expect([config.seed, config.workers, config.baselines]).toEqual([7, 2, []]);
  });

  it('resolved once more is the same', () => {
    const { config } = unwrap(parse(SMALLEST));
    expect(experimentShape.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });
});

describe('faults of an experiment', () => {
  it.each([
    [
      'wrong types',
      `${SMALLEST}seed: one\nlearner:\n  episodes: [3]\n  scaling: 1\n  rate: "0.1"\ncircuit2: 1`,
    ],
    ['a fraction where a whole number must stand', `${SMALLEST}learner: {batch: 1.5}`],
    ['a text for a group, nothing for a group', 'space: my.space\ncircuit: feed-forward\ntask:\n'],
    ['a list for the whole', '- 1\n- 2'],
    ['a word for the whole', 'hello'],
    [
      'misspelt names',
      `${SMALLEST}learnr: {}\nepisodes: 3\nselect: {treshold: 1}\nlearner: {x: 1, y: 2}`,
    ],
    [
      'misspelt words',
      'space: my.space\ncircuit: {name: feedforward}\ntask: {name: digit}\nengine: {name: tensorflow}',
    ],
    ['a misspelt baseline', `${SMALLEST}baselines: [backprop, ./none.rule]`],
    ['two rows of one name', `${SMALLEST}evaluate: {also: [{name: a}, {name: a, jitter: 0.3}]}`],
    [
      'faults of rows, told at the row',
      `${SMALLEST}evaluate: {also: [{name: a, task: {shots: 0}}, {name: b, circuit: {hiden: [3]}}]}`,
    ],
    [
      'what varies without classes',
      'space: my.space\ncircuit: {name: layer}\ntask: {name: gaussian}\nvary: {shots: [3]}',
    ],
    ['a number for a word', `${SMALLEST}engine: {name: 5, backend: [wasm]}`],
    [
      'values out of range',
      `${SMALLEST}seed: -1\nlearner: {rate: 0, penalty: -0.1, episodes: 1e9}\nevaluate: {tasks: 1, level: 1}\nabout: ""`,
    ],
    ['numbers that are none', `${SMALLEST}learner: {rate: .nan, clip: .inf, start: 1e999}`],
    ['what is missing', 'space: my.space\ntask: {ways: 3}'],
    ['no subject', 'circuit: {name: feed-forward}\ntask: {name: digits}'],
    ['two subjects', `${SMALLEST}rule: my.rule`],
    [
      'more ways than digits, a pool that does not divide',
      'space: my.space\ncircuit: {name: feed-forward}\ntask: {name: digits, ways: 11, pool: 3}',
    ],
    ['a backend of an engine that has none', `${SMALLEST}engine: {backend: wasm}`],
    ['a missing space file', SMALLEST.replace('my.space', 'folder/none.space')],
    ['an unknown space', SMALLEST.replace('my.space', 'nothing_of_the_kind')],
    ['an alias', `${SMALLEST}learner: &a {batch: 1}\nselect: *a`],
    ['an alias without an anchor', `${SMALLEST}learner: *a`],
    ['a key twice', `${SMALLEST}seed: 1\nseed: 2`],
    ['a tab', 'space: my.space\ncircuit:\n\tname: feed-forward'],
    ['an open bracket', `${SMALLEST}baselines: [backpropagation`],
    ['no colon', `seed 1\n${SMALLEST}`],
    ['a tag', `${SMALLEST}seed: !!js/function 1`],
    ['two documents', `${SMALLEST}---\n${SMALLEST}`],
    ['a list as a name', `${SMALLEST}[a, b]: 1\n3: 4`],
    ['a name of the language below', `${SMALLEST}__proto__: 1\nconstructor: 2\ntoString: {}`],
    ['nothing', ''],
    ['a comment', '# nothing\n'],
    ['null', '~'],
  ])('%s', (_, text) => {
    const found = faults(text);
    expect(found.length).toBeGreaterThan(0);
    expect(
      found.map((line) => line.replaceAll(folder, 'FOLDER').replace(/\S*\/rules\/spaces/, 'RULES')),
    ).toMatchSnapshot();
  });

  it('show the place, what is expected, and what the option means', () => {
    const result = parse(`${SMALLEST}learner:\n  epsodes: 3\n  rate: fast\n`);
    if (result.ok) throw new Error('accepted');
    expect(
      `\n${result.diagnostics.map((d) => renderDiagnostic(d)).join('\n\n')}\n`,
    ).toMatchInlineSnapshot(`
      "
      my.yaml:5:3 E511 there is no option learner.epsodes
        5 |   epsodes: 3
          |   ^^^^^^^
        expected: optimizer, pairs, spread, episodes, rate, schedule, batch, start, penalty, path, scaling, clip
        hint: did you mean episodes?

      my.yaml:6:9 E510 learner.rate must be a number, but is the text "fast"
        6 |   rate: fast
          |         ^^^^
        expected: a number
        hint: step size of the optimizer, in standardised units of the coefficients
      "
    `);
  });

  it('count lines and columns with Windows line ends and a byte order mark', () => {
    const file = join(folder, 'windows.yaml');
    writeFileSync(file, `\ufeff${SMALLEST}seed:  x\n`.replaceAll('\n', '\r\n'));
    const result = loadExperiment(file);
    expect(!result.ok && renderDiagnostic(result.diagnostics[0]!)).toMatch(
      /windows\.yaml:4:8 E510/,
    );
  });

  it('of options from outside the file have their name and no place', () => {
    const overrides = [
      { option: '--episodes', path: ['learner', 'episodes'], value: -3 },
      { option: '--engine', path: ['engine'], value: { name: 'gpu' } },
      { option: '--seed', path: ['seed'], value: Number.NaN },
    ];
    expect(faults(SMALLEST, overrides)).toMatchInlineSnapshot(`
      [
        "E512 --episodes is -3, but must be from 0 to 1000000",
        "E513 --engine name cannot be "gpu"",
        "E510 --seed must be a whole number, but is the number NaN",
      ]
    `);
    const good = unwrap(parse(SMALLEST, [{ option: '--seed', path: ['seed'], value: 9 }]));
    expect(good.config.seed).toBe(9);
  });
});

describe('experiment files', () => {
  it('are found by path or by standard name', () => {
    const missing = loadExperiment(join(folder, 'no.yaml'));
    expect(!missing.ok && missing.diagnostics).toEqual([
      fileMissing({ path: join(folder, 'no.yaml') }),
    ]);
    const unknown = loadExperiment('digit');
    expect(!unknown.ok && unknown.diagnostics[0]).toMatchObject({
      code: kinds.experimentUnknown.code,
      hint: 'did you mean digits?',
    });
  });

  it('of another kind are refused before they are read', () => {
    const big = join(folder, 'big.yaml');
    writeFileSync(big, Buffer.alloc(2e6, 'a: 1\n'));
    const result = loadExperiment(big);
    expect(!result.ok && result.diagnostics).toEqual([
      fileTooBig({ path: big, size: 2e6, limit: 16384 }),
    ]);
    const binary = join(folder, 'binary.yaml');
    writeFileSync(binary, Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]));
    const other = loadExperiment(binary);
    expect(!other.ok && other.diagnostics).toEqual([fileNotText({ path: binary, offset: 3 })]);
    const place = loadExperiment(folder);
    expect(!place.ok && place.diagnostics[0]?.message).toContain('it is a folder');
  });

  it('that unfold, or nest without end, end neither the process nor its patience', () => {
    const bombs = [
      `a: &a [x,x,x]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join()}]`)
        .join('\n')}`,
      ...[
        '[',
        '{a: ',
        '- ',
        '? ',
        '- ? ',
        '- &a - ',
        '? - ',
        '- !!seq ',
        ': ',
        '&a ',
        '"',
        "'",
        ',',
        '!',
        '| ',
        '%a ',
        '\t',
        '- \t',
        '# ',
        '{',
        ']',
        '*a ',
      ].flatMap((unit) => [
        unit.repeat(Math.floor(16000 / unit.length)),
        `a: ${unit.repeat(20)}\n`.repeat(Math.floor(16000 / (unit.length * 20 + 4))),
        `${' '.repeat(60)}${unit.repeat(30)}\n`.repeat(Math.floor(16000 / (unit.length * 30 + 61))),
        `k: ${unit.repeat(99)}`,
      ]),
      Array.from({ length: 250 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      Array.from({ length: 4000 }, (_, i) => `k${i}: 1`)
        .join('\n')
        .slice(0, 16384),
      'a: |\n'.padEnd(16000, ' x\n'),
    ];
    let slowest = 0;
    for (const text of bombs) {
      const start = processorTime();
      const result = parse(text);
      slowest = Math.max(slowest, processorTime() - start);
      expect(result.ok).toBe(false);
      expect(!result.ok && result.diagnostics.every((d) => /^E5\d\d$/.test(d.code))).toBe(true);
    }
    expect(slowest).toBeLessThan(2000);
  }, 120_000);

  it('survive 5,000 mutations', () => {
    const original = readFileSync(new URL('../../experiments/digits.yaml', import.meta.url));
    const words = [
      '&a ',
      '*a',
      '[',
      ']',
      '{',
      '}',
      ': ',
      '- ',
      '? ',
      '"',
      "'",
      '\n',
      '\t',
      '  ',
      '!!',
      '|',
      '>',
      '#',
      '---\n',
      '~',
      '.nan',
      '1e999',
      '\u2028',
      '\r',
      '__proto__: 1\n',
      '<<: *a\n',
      '%YAML 1.1\n',
      'yes',
      '0x1F',
      '-',
    ];
    const file = join(folder, 'mutated.yaml');
    const stream = new Stream(1, 'mutated yaml');
    let slowest = 0;
    let refused = 0;
    for (let i = 0; i < 5000; i++) {
      const bytes = mutate(original, stream, words);
      const start = processorTime();
      writeFileSync(file, bytes);
      const result = loadExperiment(file);
      slowest = Math.max(slowest, processorTime() - start);
      if (result.ok) continue;
      refused += 1;
      for (const d of result.diagnostics) {
        expect(d.code).toMatch(/^E[56]\d\d$/);
        expect(renderDiagnostic(d)).not.toMatch(/undefined|NaN, but|\[object/);
      }
    }
    expect(refused).toBeGreaterThan(2500);
    expect(slowest).toBeLessThan(2000);
  }, 120_000);

  it('know where every part stands', () => {
    const text = 'a: 1\nb:\n  - x\n  - {c: yes}\n';
    const located = unwrap(readYaml({ name: 't', text }));
    expect(located.value).toEqual({ a: 1, b: ['x', { c: 'yes' }] });
    const at = (...path: (string | number)[]) =>
      text.slice(located.span(path).start, located.span(path).end);
    expect([at('a'), at('b', 0), at('b', 1, 'c'), at('b', 1)]).toEqual([
      '1',
      'x',
      'yes',
      '{c: yes}',
    ]);
    const key = located.keySpan(['b', 1, 'c']);
    expect(text.slice(key.start, key.end)).toBe('c');
    // Of what is not there, the place of the nearest name around it.
    expect(located.span(['b', 1, 'd'])).toEqual(located.keySpan(['b', 1]));
  });
});
