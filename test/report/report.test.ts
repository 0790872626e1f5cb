import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { runFileDamaged, runFolderMissing } from '../../src/base/diagnostics/run.js';
import { unwrap } from '../../src/base/result.js';
import { reportPage } from '../../src/report/page.js';
import { readResult } from '../../src/report/read.js';
import { writeReport } from '../../src/report/report.js';
import { createRun } from '../../src/runs/folder.js';
import type { RunContents } from '../../src/runs/list.js';
import { choices, contents, discovery, history, inference, ran, refused } from './example.js';

const golden = (name: string): string =>
  path.join(import.meta.dirname, '..', 'golden', 'report', name);

function pageOf(result: unknown, changes: Partial<RunContents> = {}): string {
  const reported = result === undefined ? null : unwrap(readResult(result, 'result.json'));
  return reportPage(contents(result, changes), reported);
}

/** As much of the DOM as is looked at. */
interface Element {
  readonly id: string;
  readonly tagName: string;
  readonly textContent: string | null;
  readonly children: Iterable<Element>;
  readonly classList: { contains(name: string): boolean };
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element> & { readonly length: number };
}

const parsed = (page: string): Element => parseHTML(page).document as unknown as Element;

/** What a reader reads, a line a block, and what stands for figures and formulas. */
function outline(page: string): string {
  const lines: string[] = [];
  const text = (element: Element): string =>
    (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  for (const element of parsed(page).querySelectorAll(
    'h1, h2, h3, p, caption, tr, li, .formula, figure svg, dl > div, summary, pre',
  )) {
    const name = element.tagName.toLowerCase();
    if (name === 'svg') lines.push(`figure: ${element.getAttribute('aria-label')}`);
    else if (element.classList.contains('formula')) {
      const rows = element.querySelectorAll('.line').length;
      const pieces = element.querySelectorAll('math').length;
      lines.push(`formula: ${rows} lines, ${pieces} pieces, ${element.getAttribute('aria-label')}`);
    } else if (name === 'tr' || name === 'div')
      lines.push([...element.children].map(text).join(' | '));
    else
      lines.push(`${/^h\d$/.test(name) ? `${'#'.repeat(Number(name[1]))} ` : ''}${text(element)}`);
  }
  return `${lines.join('\n')}\n`;
}

const RESULTS = { discovery, inference, choices, run: ran, refused };

describe('a report', () => {
  it.each(Object.entries(RESULTS))('of a %s has everything in its place', async (name, result) => {
    await expect(outline(pageOf(result))).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  it.each(Object.entries(RESULTS))('of a %s needs nothing from elsewhere', (_, result) => {
    const page = pageOf(result);
    expect(page).not.toMatch(/https?:|\bsrc=|@import|<script|<link|<iframe|url\(/i);
    const document = parsed(page);
    for (const link of document.querySelectorAll('[href]')) {
      const href = link.getAttribute('href')!;
      expect(href).toMatch(/^(?:#|data:text\/)/);
      if (href.startsWith('#')) expect(document.querySelector(href)).not.toBeNull();
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  it('of a recording without a rule says why, and what was seen', () => {
    const answer = (changes: object): string =>
      parsed(pageOf({ ...refused, ...changes })).querySelector('#rule .answer')!.textContent!;
    expect(answer({})).toContain('a slow course of time explains the changes as well');
    const chance = { ...refused.refused, why: 'chance' };
    expect(answer({ refused: chance })).toContain('changes that were shifted in time (p = 0.01)');
    const activity = { observed: 'activity', refused: chance };
    expect(answer(activity)).toContain('trials that have changed places');
    expect(answer({ refused: null })).toContain('no term explains the changes better than chance');
    // Folders of earlier versions do not say what was seen.
    const { refused: _, nearAliases, path: __, ...earlier } = refused;
    expect(pageOf(earlier)).toContain('no term explains the changes');
  });

  it('is the same, byte for byte, for the same run', () => {
    expect(pageOf(discovery)).toBe(pageOf(structuredClone(discovery)));
  });

  it('takes no text for markup', () => {
    const evil = '</pre><script>alert(1)</script>"\'&';
    const changes = { id: evil, text: evil, verdict: evil };
    const result = {
      ...discovery,
      terms: [{ ...discovery.terms[0]!, ...changes }],
      dropped: [{ id: evil, text: evil, by: evil }],
      rule: { text: evil, latex: { synapse: evil, matrix: '\\frac{', parameters: '' } },
    };
    const page = pageOf(result, { config: evil, inputs: { [evil]: evil } });
    expect(page).not.toContain('<script');
    expect(parsed(page).querySelector('#terms tbody th')?.textContent).toBe(evil);
  });

  it('carries its data with it, to the last digit', () => {
    const links = [...parsed(pageOf(discovery)).querySelectorAll('a[download]')];
    const files = new Map(
      links.map((link) => {
        const base64 = link.getAttribute('href')!.split('base64,')[1]!;
        return [link.getAttribute('download'), Buffer.from(base64, 'base64').toString()];
      }),
    );
    expect([...files.keys()]).toEqual([
      ...['rule.rule', 'rule.tex', 'terms.csv', 'scores.csv', 'differences.csv'],
      ...['circumstances.csv', 'left-out.csv'],
      ...['learning-curves.csv', 'coefficients.csv', 'config.yaml', 'space.space'],
    ]);
    expect(files.get('left-out.csv')).toBe(
      'term,text,by\nF3,"if(w < 1, w, ""a & b"")",small or zero in the search\n',
    );
    expect(files.get('terms.csv')).toContain(
      'F7,-post.error * sum_all(post * w * pre.error) * pre,-0.0025,,,,not assessed,,,\n',
    );
    expect(files.get('differences.csv')).toContain('hebb,accuracy,0.01,-0.02,0.04\n');
    expect(files.get('circumstances.csv')).toContain('other weights,hebb,accuracy,0.6,0.5,0.7\n');
    const coefficients = files.get('coefficients.csv')!.split('\n');
    expect(coefficients).toContain('search,1,F7,-0.001');
    // The step that was told twice is there once.
    expect(coefficients.filter((row) => row.startsWith('last refit,'))).toHaveLength(2);
  });

  it('of a run without a result shows how far it is', () => {
    const page = pageOf(undefined, { status: 'interrupted', rule: undefined, latex: undefined });
    const text = outline(page);
    expect(text).toContain('This run has no result yet: it is interrupted.');
    expect(text).toContain('figure: Loss on the queries');
    expect(text).not.toContain('# The rule');
  });

  it('says so when no rule was found', () => {
    const none = { ...discovery, rule: null, terms: [], metrics: null, gain: null };
    expect(outline(pageOf(none))).toContain('No rule: no term of the space is worth having');
  });

  it('draws no paths where a history does not say what its coefficients are of', () => {
    const old = history.map(({ ...record }) => ({ ...record, names: undefined }));
    expect(outline(pageOf(discovery, { history: old }))).toContain('no paths are drawn');
  });
});

describe('writing a report', () => {
  const facts = { name: 'x', config: {}, command: ['engrammar'], seed: 1, versions: {} };
  const made = (result: object): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'engrammar-report-'));
    const run = unwrap(createRun(folder, facts));
    run.writeResult(result);
    run.finish('done');
    return folder;
  };

  it('puts it into the run folder, or where it is told to', () => {
    const folder = made(discovery);
    const place = unwrap(writeReport(folder));
    expect(place).toBe(path.join(folder, 'report.html'));
    const other = path.join(folder, 'other.html');
    expect(unwrap(writeReport(folder, other))).toBe(other);
    expect(readFileSync(other, 'utf8')).toBe(readFileSync(place, 'utf8'));
    const nowhere = writeReport(folder, path.join(folder, 'report.html', 'x.html'));
    expect(!nowhere.ok && nowhere.diagnostics[0]?.code).toBe('E602');
  });

  it('refuses a folder that holds no run, and a result that is none', () => {
    const none = writeReport(tmpdir());
    expect(!none.ok && none.diagnostics[0]?.code).toBe(runFolderMissing.code);
    for (const result of [{ loss: 1 }, { ...discovery, terms: 3 }, { rules: [{}] }]) {
      const folder = made(result);
      const refused = writeReport(folder);
      const [fault] = refused.ok ? [] : refused.diagnostics;
      expect(fault?.code).toBe(runFileDamaged.code);
      expect(fault?.message).toContain(path.join(folder, 'result.json'));
    }
    const folder = made(discovery);
    writeFileSync(path.join(folder, 'result.json'), '{"schemaVersion": 1, "rul');
    const cut = writeReport(folder);
    expect(!cut.ok && cut.diagnostics[0]?.message).toContain(
      'it was changed since the run wrote it',
    );
  });
});
