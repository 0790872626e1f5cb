import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { behaviourOf, drawOf, shelves, stamp } from '../../scripts/gallery/entries.js';
import { folder, pages, readKept } from '../../scripts/gallery/kept.js';
import { measured, pictured } from '../../scripts/gallery/measure.js';

const all = shelves();
const entries = all.flatMap((shelf) => shelf.entries);
const names = entries.map(({ name }) => name);
const kept = readKept();
const drawing = (part: string, name: string): string =>
  readFileSync(path.join(folder, part, `${name}.svg`), 'utf8');

/** What is wrong with an SVG's marks; '' for nothing. */
function malformed(svg: string): string {
  if (!/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /.test(svg)) return 'no SVG';
  const open: string[] = [];
  const rest = svg.replaceAll(
    /<(\/?)([a-z][\w:-]*)((?: [\w:-]+="[^"<&]*")*)(\/?)>/gi,
    (...found) => {
      const [, closes, name, , isEmpty] = found as string[];
      if (closes === '/') {
        if (open.at(-1) === name) open.pop();
        else open.push(`${name} closed`);
      } else if (isEmpty !== '/') open.push(name!);
      return '';
    },
  );
  if (open.length > 0) return `open: ${open.join(', ')}`;
  const stray = /[<>]|&(?!(?:amp|lt|gt|quot|#\d+|#x[\da-f]+);)/i.exec(rest);
  if (stray) return `stray ${rest.slice(stray.index, stray.index + 40)}`;
  const ids = new Set([...svg.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
  const lost = [...svg.matchAll(/ href="#([^"]*)"/g)].find(([, id]) => !ids.has(id));
  if (lost) return `no ${lost[1]}`;
  return /NaN|undefined/.test(svg) ? 'a number is missing' : '';
}

// Whatever fails here: `npm run gallery` makes the pages anew (see CONTRIBUTING.md).
describe('the pages of the catalogue', () => {
  test('are about the rules there are', () => {
    expect(Object.keys(kept).sort()).toEqual([...names].sort());
  });

  test('are what the catalogue and the measured numbers make', () => {
    for (const [name, text] of Object.entries(pages(all, kept))) {
      expect(readFileSync(path.join(folder, name), 'utf8'), name).toBe(text);
    }
  });

  test.each(entries)('show the formulas of $name as they are exported today', (entry) => {
    expect(kept[entry.name]!.formulas).toBe(stamp(entry.formulas));
    expect(malformed(drawing('formulas', entry.name))).toBe('');
    expect(malformed(drawing('figures', entry.name))).toBe('');
  });

  test.each(names)('list the claims of %s, and have a figure', async (name) => {
    const says = (await behaviourOf(name))?.claims.map((claim) => claim.says);
    expect(kept[name]!.claims.map((claim) => claim.says)).toEqual(says);
    expect(await drawOf(name)).not.toBeNull();
  });

  test('hold no drawing of a rule that is gone, and little enough to be sent along', () => {
    for (const part of ['formulas', 'figures']) {
      const there = readdirSync(path.join(folder, part)).sort();
      expect(there).toEqual(names.map((name) => `${name}.svg`).sort());
    }
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const size = files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
    expect(size).toBeLessThan(3e6);
  });

  test.each(['oja', 'bcm', 'stdp_triplet'])('show what %s does today', async (name) => {
    expect(await measured(name)).toEqual(kept[name]!.claims);
    const picture = await pictured(name);
    expect(stamp(picture)).toBe(kept[name]!.picture);
    expect(picture.title).toBe(kept[name]!.caption);
  });
});

describe('the check of drawings', () => {
  const svg = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="1">${inside}</svg>`;

  test.each([
    ['<g>', 'open: svg, g, svg closed'],
    ['<path d="M0 0"/><text>a < b</text>', 'stray < b'],
    ['<text>a & b</text>', 'stray & b'],
    ['<use href="#x"/>', 'no x'],
    ['<path d="M0 NaN"/>', 'a number is missing'],
  ])('finds what is wrong with %s', (inside, wrong) => {
    expect(malformed(svg(inside))).toContain(wrong);
  });

  test('finds nothing wrong with what is right', () => {
    expect(malformed(svg('<g><path id="x" d="M0 0"/><use href="#x"/></g><text>&lt;</text>'))).toBe(
      '',
    );
  });
});
