import { beforeAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import { unknownBackend } from '../../src/base/diagnostics/engine.js';
import {
  flagWithoutValue,
  missingArgument,
  noCommand,
  tooManyArguments,
  unknownCommand,
  unknownFlag,
  unknownWord,
  wrongFlagValue,
} from '../../src/base/diagnostics/usage.js';
import { BACKENDS } from '../../src/engine/tfjs/backends.js';
import { build, document, engrammar, here } from './cli.js';

beforeAll(build, 300_000);

const COMMANDS = [
  ...['discover', 'resume', 'runs', 'check', 'show', 'compare', 'terms', 'export'],
  ...['circuits', 'signals', 'tasks', 'functions', 'explain', 'doctor', 'bench'],
];

/** Wrong command lines with the first line they must be told, and perhaps a hint. */
type Told = Pick<Diagnostic, 'code' | 'message'>;

const WRONG: readonly (readonly [line: string, told: Told, hint?: string])[] = [
  ['', noCommand({ known: COMMANDS })],
  ['shwo oja', unknownCommand({ given: 'shwo', known: COMMANDS }), 'did you mean show?'],
  ['help shwo', unknownCommand({ given: 'shwo', known: COMMANDS }), 'did you mean show?'],
  [
    'discover digits --episods 3',
    unknownFlag({ given: '--episods', command: 'engrammar discover', known: [] }),
    'did you mean --episodes?',
  ],
  [
    'show oja --circit=feed-forward',
    unknownFlag({ given: '--circit', command: 'engrammar show', known: [] }),
    'did you mean --circuit?',
  ],
  ['show', missingArgument({ argument: 'RULE', usage: '' })],
  ['compare', missingArgument({ argument: 'RULE', usage: '' })],
  [
    'compare oja hebb sanger',
    tooManyArguments({
      message: "too many arguments for 'compare'. Expected 2 arguments but got 3.",
      usage: '',
    }),
  ],
  ['export oja', missingArgument({ argument: '--to <target>', usage: '' })],
  [
    'show oja sanger',
    tooManyArguments({
      message: "too many arguments for 'show'. Expected 1 argument but got 2.",
      usage: '',
    }),
  ],
  ['discover digits --seed', flagWithoutValue({ option: '--seed <n>' })],
  ['discover digits --out --quiet', flagWithoutValue({ option: '--out <folder>' })],
  [
    'discover digits --episodes many',
    wrongFlagValue({ option: '--episodes', given: 'many', expected: [] }),
  ],
  [
    'discover digits --episodes=-1',
    wrongFlagValue({ option: '--episodes', given: '-1', expected: [] }),
  ],
  ['discover digits --seed 1e3', wrongFlagValue({ option: '--seed', given: '1e3', expected: [] })],
  [
    'discover digits --engine tfsj',
    wrongFlagValue({ option: '--engine', given: 'tfsj', expected: [] }),
    'did you mean tfjs?',
  ],
  [
    'discover digits --backend wasn',
    unknownBackend({ given: 'wasn', known: BACKENDS }),
    'did you mean "wasm"?',
  ],
  [
    'export oja --to latec',
    unknownWord({ what: 'target', given: 'latec', known: [], listedBy: '' }),
    'did you mean latex?',
  ],
  [
    'signals feedforward',
    unknownWord({ what: 'circuit', given: 'feedforward', known: [], listedBy: '' }),
    'did you mean feed-forward?',
  ],
  ['explain E9999', unknownWord({ what: 'diagnostic', given: 'E9999', known: [], listedBy: '' })],
];

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('a wrong command line', () => {
  it.each(WRONG.map(([line, told, hint]) => ({ line, told, hint })))(
    'engrammar $line',
    async ({ line, told, hint }) => {
      const ran = await here(words(line));
      expect(ran.stderr.split('\n')[0]).toBe(`${told.code} ${told.message}`);
      if (hint) expect(ran.stderr).toContain(`hint: ${hint}`);
      expect([ran.code, ran.stdout]).toEqual([2, '']);
    },
  );

  it('ends the process with code 2', async () => {
    const ran = await engrammar(['shwo', 'oja']);
    expect(ran).toEqual({ ...(await here(['shwo', 'oja'])), code: 2 });
  });

  it('is told as JSON where JSON was asked for, wherever --json stands', async () => {
    for (const line of ['--json shwo', 'shwo --json', 'show --json', '--json discover --seed']) {
      const ran = await here(words(line));
      expect([ran.code, ran.stderr]).toEqual([2, '']);
      const told = JSON.parse(ran.stdout) as { diagnostics: object[] };
      expect(told).toMatchObject({ schemaVersion: 1, ok: false });
      expect(told.diagnostics).toHaveLength(1);
    }
  });

  it('says in JSON what was expected', async () => {
    expect(await document(['discover', 'digits', '--backend', 'gpu'])).toMatchObject({
      ok: false,
      diagnostics: [{ code: unknownBackend.code, expected: [...BACKENDS], file: null, line: null }],
    });
  });
});
