import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { prepared } from './package.js';
import { root } from './pages.js';

/** A command of a console block with the lines that must follow it. */
export interface Exchange {
  readonly command: string;
  readonly expected: readonly string[];
}

/** `$ command` lines, each with what it prints. */
export function exchangesOf(lines: readonly string[]): Exchange[] {
  const exchanges: { command: string; expected: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) exchanges.push({ command: line.slice(2), expected: [] });
    else if (exchanges.length === 0) throw new Error(`no command before the line "${line}"`);
    else exchanges.at(-1)!.expected.push(line);
  }
  return exchanges;
}

/**
 * Whether printed lines are those expected. A line `…` stands for any lines (also none), and within a
 * line `…` stands for any text.
 */
export function matches(printed: readonly string[], expected: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return printed.length === 0;
  if (first === '…') {
    return printed.some((_, k) => matches(printed.slice(k), rest)) || matches([], rest);
  }
  const [head, ...tail] = printed;
  return head !== undefined && matchesLine(head, first) && matches(tail, rest);
}

function matchesLine(printed: string, expected: string): boolean {
  if (!expected.includes('…')) return printed === expected;
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(printed);
}

/**
 * What shall stand in a document in place of `expected` after `printed` was printed: parts that stood
 * for `…` stand for it again, and so does what is never twice the same.
 */
export function rewritten(
  printed: readonly string[],
  expected: readonly string[],
  folder: string,
): readonly string[] {
  return elided(printed.map((line) => timeless(line, folder)).filter(isNoProgress), expected);
}

/** Folders, times and durations. */
const timeless = (line: string, folder: string): string =>
  line
    .replaceAll(folder, '…')
    .replace(/ in \d+:\d\d$/, ' in …')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, '…');

const isNoProgress = (line: string): boolean => !/ episodes \(\d+ %\), /.test(line);

/** The first `…` line leaves out what is printed up to the line that begins as the one behind it. */
function elided(printed: readonly string[], expected: readonly string[]): readonly string[] {
  const at = expected.indexOf('…');
  if (at < 0) return printed;
  const kept = expected[at - 1] === '' ? paragraphs(printed, expected.slice(0, at)) : at;
  const rest = expected.slice(at + 1);
  if (rest.length === 0) return [...printed.slice(0, kept), '…'];
  const start = rest[0]!.slice(0, 12);
  const next = printed.findIndex((line, k) => k >= kept && line.startsWith(start));
  if (next < 0) return printed;
  return [...printed.slice(0, kept), '…', ...elided(printed.slice(next), rest)];
}

/** The number of lines that hold as many paragraphs as some others do. */
function paragraphs(printed: readonly string[], others: readonly string[]): number {
  let left = others.filter((line) => line === '').length;
  const end = printed.findIndex((line) => line === '' && --left === 0);
  return end < 0 ? printed.length : end + 1;
}

export interface Ran {
  readonly code: number;
  /** Both streams, as a terminal shows them. */
  readonly lines: readonly string[];
}

/**
 * Runs a command of a document: the built `engrammar`, `cat FILE`, `npx vitest`, or `pdflatex` with its
 * options. What stands behind `>` is the file that the output goes to.
 */
export async function runCommand(line: string, folder: string): Promise<Ran> {
  const [command = '', file] = line.split(' > ');
  const ran = await runWords(words(command), folder);
  if (file === undefined) return ran;
  writeFileSync(path.join(folder, file), `${ran.lines.join('\n')}\n`);
  return { ...ran, lines: [] };
}

async function runWords([program, ...args]: string[], folder: string): Promise<Ran> {
  if (program === 'cat') {
    return { code: 0, lines: linesOf(readFileSync(path.join(folder, args[0] ?? ''), 'utf8')) };
  }
  if (program === 'pdflatex') return start('pdflatex', args, folder);
  if (program === 'npx' && args[0] === 'vitest') return runTests(args.slice(1), folder);
  if (program !== 'engrammar') throw new Error(`documents do not run \`${program}\``);
  return start(
    process.execPath,
    [path.join(root, 'dist', 'src', 'cli', 'main.js'), ...args],
    folder,
  );
}

/** As in a package of the user's own; colours, which vitest also has in a pipe, are left out. */
async function runTests(args: readonly string[], folder: string): Promise<Ran> {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { code, lines } = await start(process.execPath, [vitest, ...args], prepared(folder));
  return { code, lines: lines.map((line) => stripVTControlCharacters(line).trimEnd()) };
}

/** Runs a program with a terminal's width unset, so that lines are as long as they are. */
export function start(program: string, args: readonly string[], folder: string): Promise<Ran> {
  const { NO_COLOR, FORCE_COLOR, COLUMNS, ENGRAMMAR_DEBUG, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const take = (part: string): void => {
      text += part;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, lines: linesOf(text) }));
  });
}

/** Lines without a closing empty one and without spaces at their ends. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Words of a command; those in single quotes hold spaces. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2]!);
}
