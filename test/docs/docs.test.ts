import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../src/base/result.js';
import { checkItem } from '../../src/compile.js';
import { parseAnyExperiment } from '../../src/experiments/sweep.js';
import { parse } from '../../src/language/parse.js';
import { build } from '../cli/cli.js';
import { testWith } from '../support/requirements.js';
import {
  allPages,
  type Block,
  markedPart,
  type Page,
  type Replacement,
  replaced,
  root,
  updating,
} from './pages.js';
import { runSnippet, typeErrors } from './snippet.js';
import { TABLES } from './tables.js';
import { exchangesOf, matches, rewritten, runCommand } from './transcript.js';

/** Room for a small discovery on a busy machine. */
const TIMEOUT = 120_000;

const LANGUAGES = new Set([
  'rule',
  'space',
  'yaml',
  'console',
  'ts',
  'text',
  'tex',
  'json',
  'sh',
  '',
]);

beforeAll(build, TIMEOUT);

const pages = allPages().filter(({ blocks }) => blocks.length > 0);

describe.each(pages.map((page) => ({ page })))('$page.name', ({ page }) => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'engrammar-docs-')));
  // Pages speak of what lies beside them.
  symlinkSync(path.join(root, 'docs', 'recordings'), path.join(folder, 'recordings'), 'junction');
  const replacements: Replacement[] = [];
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    if (replacements.length > 0) writeFileSync(page.path, replaced(page.lines, replacements));
  });

  /** Compares, or has the page rewritten. */
  const settle = (
    at: { from: number; lines: readonly string[] },
    right: boolean,
    lines: readonly string[],
  ): void => {
    if (right) return;
    if (updating) replacements.push({ from: at.from, count: at.lines.length, lines });
    else expect(lines).toEqual(at.lines);
  };

  it('has only kinds of blocks that are known here', () => {
    const unknown = page.blocks.filter(({ language }) => !LANGUAGES.has(language));
    expect(unknown.map(({ line, language }) => `${line}: ${language}`)).toEqual([]);
  });

  for (const [index, block] of page.blocks.entries()) {
    const where = `line ${block.line}: ${block.language}`;
    if (block.info.has('file')) it(`${where} is written`, () => write(block, folder));
    if (block.language === 'rule' || block.language === 'space') {
      it(`${where} ${block.info.has('wrong') ? 'has mistakes' : 'parses and checks'}`, () => {
        const source = { name: page.name, text: `${block.lines.join('\n')}\n` };
        const parsed = parse(source);
        const checked = parsed.ok ? parsed.value.map((item) => checkItem(item, source)) : [parsed];
        expect(checked.every(({ ok }) => ok)).toBe(!block.info.has('wrong'));
      });
    }
    if (block.language === 'yaml' && !block.info.has('wrong')) {
      it(`${where} is an experiment`, () => {
        const source = { name: page.name, text: `${block.lines.join('\n')}\n` };
        unwrap(parseAnyExperiment(source, folder));
      });
    }
    if (block.language === 'console') consoleBlock(block, folder, settle);
    if (block.language === 'ts') {
      if (block.info.has('test')) typesBlock(block, folder);
      else snippetBlock(page, index, folder, settle);
    }
  }

  for (const [name, make] of Object.entries(TABLES)) {
    if (!page.lines.includes(`<!-- ${name} -->`)) continue;
    it(`table ${name} is that of the code`, () => {
      const part = markedPart(page, name);
      const lines = make();
      settle(part, matches(part.lines, lines), lines);
    });
  }
});

type Settle = (
  at: { from: number; lines: readonly string[] },
  right: boolean,
  lines: readonly string[],
) => void;

function write(block: Block, folder: string): void {
  const file = path.join(folder, block.info.get('file')!);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${block.lines.join('\n')}\n`);
}

/** Every command in turn; the last one's exit code is that of `exit=…`, the others' 0. */
function consoleBlock(block: Block, folder: string, settle: Settle): void {
  const exchanges = exchangesOf(block.lines);
  const run = async (): Promise<void> => {
    const printed: string[] = [];
    let right = true;
    for (const [k, { command, expected }] of exchanges.entries()) {
      const { code, lines } = await runCommand(command, folder);
      const isLast = k === exchanges.length - 1;
      expect(code, lines.join('\n')).toBe(isLast ? Number(block.info.get('exit') ?? 0) : 0);
      const fits = matches(lines, expected);
      right &&= fits;
      printed.push(
        `$ ${command}`,
        ...(fits ? expected : updating ? rewritten(lines, expected, folder) : lines),
      );
    }
    settle({ from: block.line, lines: block.lines }, right, printed);
  };
  const name = `line ${block.line}: ${exchanges.map(({ command }) => command).join('; ')}`;
  if (exchanges.some(({ command }) => command.startsWith('pdflatex'))) testWith('tex', name, run);
  else it(name, run, TIMEOUT);
}

/** A file of tests, which a console block runs. */
function typesBlock(block: Block, folder: string): void {
  it(`line ${block.line}: the tests type-check`, () => {
    expect(typeErrors(block.lines.join('\n'), folder)).toBe('');
  });
}

/** A TypeScript block and the text block behind it, which holds what it prints. */
function snippetBlock(page: Page, index: number, folder: string, settle: Settle): void {
  const block = page.blocks[index]!;
  // The package that people import comes along with the native one.
  const usesTensors = block.lines.some((line) => line.includes("'@tensorflow/tfjs'"));
  const test = usesTensors ? testWith.bind(null, 'tensorflow') : it;
  test(`line ${block.line}: the program type-checks`, () => {
    expect(typeErrors(block.lines.join('\n'), folder)).toBe('');
  });
  test(`line ${block.line}: the program prints what follows it`, async () => {
    const shown = page.blocks[index + 1];
    expect(shown?.language, 'a text block must follow').toBe('text');
    const { code, lines } = await runSnippet(block.lines.join('\n'), folder);
    expect(code, lines.join('\n')).toBe(0);
    settle({ from: shown!.line, lines: shown!.lines }, matches(lines, shown!.lines), lines);
  });
}

describe('links', () => {
  it.each(allPages().map((page) => ({ page })))('of $page.name lead somewhere', ({ page }) => {
    const dead = linksOf(page).filter((link) => !leads(page, link));
    expect(dead).toEqual([]);
  });

  it('lead from the index to every page', () => {
    const all = allPages();
    const index = all.find(({ name }) => name === 'docs/index.md')!;
    const linked = linksOf(index).map((link) => `docs/${link.split('#')[0]}`);
    const own = all.filter(({ name }) => /^docs\/[^/]+\.md$/.test(name) && name !== index.name);
    expect(linked).toEqual(expect.arrayContaining(own.map(({ name }) => name)));
  });
});

/** Targets of links outside of code, those to other sites left out. */
function linksOf(page: Page): string[] {
  const text = page.lines.join('\n').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...text.replaceAll(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

function leads(page: Page, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const target = file === '' ? page.path : path.resolve(path.dirname(page.path), file);
  if (!existsSync(target)) return false;
  if (heading === undefined) return true;
  const found = allPages().find((each) => each.path === target);
  return found?.lines.some((line) => /^#+ /.test(line) && anchorOf(line) === heading) ?? false;
}

/** The anchor a heading gets on code hosts. */
function anchorOf(line: string): string {
  const words = line.replace(/^#+ /, '').toLowerCase();
  return words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
}
