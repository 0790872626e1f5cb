import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** With UPDATE_DOCS=1 the documents are rewritten to what was printed. */
export const updating = process.env.UPDATE_DOCS === '1';

/** A fenced block of a page, such as ```rule file=mine.rule. */
export interface Block {
  /** Of its first fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** What else stands behind the first fence: `file=mine.rule exit=1` and single words. */
  readonly info: ReadonlyMap<string, string>;
  /** Lines between the fences. */
  readonly lines: readonly string[];
}

export interface Page {
  /** Relative to the package, with slashes. */
  readonly name: string;
  readonly path: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
}

/** README, CONTRIBUTING and everything in docs/. */
export function allPages(): Page[] {
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll(path.sep, '/')}`)
    .sort();
  return ['README.md', 'CONTRIBUTING.md', ...docs].map(readPage);
}

function readPage(name: string): Page {
  const file = path.join(root, name);
  const lines = readFileSync(file, 'utf8').split('\n');
  return { name, path: file, lines, blocks: blocksOf(lines, name) };
}

function blocksOf(lines: readonly string[], name: string): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\S*)(.*)$/.exec(lines[at]!);
    if (!fence) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${name}:${at + 1} opens a block that nothing closes`);
    const words = (fence[2] ?? '').split(/\s+/).filter((word) => word !== '');
    blocks.push({
      line: at + 1,
      language: fence[1] ?? '',
      info: new Map(words.map((word) => word.split('=', 2) as [string, string])),
      lines: lines.slice(at + 1, end),
    });
    at = end;
  }
  return blocks;
}

/** The lines between `<!-- name -->` and `<!-- /name -->`, and where they stand. */
export function markedPart(page: Page, name: string): { from: number; lines: readonly string[] } {
  const from = page.lines.indexOf(`<!-- ${name} -->`);
  const to = page.lines.indexOf(`<!-- /${name} -->`);
  if (from < 0 || to < from) throw new Error(`${page.name} has no part marked ${name}`);
  return { from: from + 1, lines: page.lines.slice(from + 1, to) };
}

/** Lines that shall stand in place of others. */
export interface Replacement {
  /** Index of the first line replaced. */
  readonly from: number;
  readonly count: number;
  readonly lines: readonly string[];
}

export function replaced(lines: readonly string[], replacements: readonly Replacement[]): string {
  const result = [...lines];
  for (const each of [...replacements].sort((a, b) => b.from - a.from)) {
    result.splice(each.from, each.count, ...each.lines);
  }
  return result.join('\n');
}
