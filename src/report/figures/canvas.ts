import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, html, raw } from '../html.js';
import { COLOUR_STYLE } from '../style.js';

/** What is drawn, for a place of that width in pixels. */
export type Draw = (width: number) => Plot.PlotOptions;

const WIDE = 720;
const NARROW = 350;

/**
 * A figure drawn twice, for wide and for narrow screens, so that its letters are never shrunk; the page
 * shows one of them. `says` tells in words what one sees, for those who do not.
 */
export function figure(says: string, caption: Html | string, draw: Draw, legend?: Html): Html {
  return html`<figure>
${legend ?? null}<div class="wide">${drawn(says, draw(WIDE), WIDE)}</div>
<div class="narrow">${drawn(says, draw(NARROW), NARROW)}</div>
<figcaption>${caption}</figcaption>
</figure>`;
}

/** One drawing as an SVG element. */
export function drawn(says: string, options: Plot.PlotOptions, width: number): Html {
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({
    ...options,
    width,
    // As much of a document as drawing needs.
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    className: 'plot',
    style: { background: 'none', fontSize: '12px' },
    ariaLabel: says,
  }).outerHTML;
  return raw(tidy(svg));
}

/** Coordinates to tenths of a pixel, no `<` even in attributes, and without what HTML does not need. */
const tidy = (svg: string): string =>
  svg
    .replaceAll(/="[^"]*"/g, (value) =>
      value
        .replaceAll('<', '&lt;')
        .replaceAll(/-?\d+\.\d{2,}(?:e-?\d+)?/g, (number) =>
          String(Math.round(Number(number) * 10) / 10),
        ),
    )
    .replaceAll(/ xmlns(?::xlink)?="[^"]*"/g, '')
    .replaceAll(/<style>[\s\S]*?<\/style>/g, '')
    .replace('<svg', '<svg role="img"');

/**
 * A drawing as a file of its own: with its name space, and with colours that follow the reader's choice
 * of light or dark.
 */
export function svgFile({ markup }: Html): string {
  const style = `<style>${COLOUR_STYLE} svg { background: var(--paper); color: var(--soft); font-family: system-ui, sans-serif; }</style>`;
  return `${markup
    .replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace(/^(<svg[^>]*>)/, `$1${style}`)}\n`;
}

/** Colours of the page, so that light, dark and paper each have theirs. */
const COLOURS = Array.from({ length: 10 }, (_, k) => `var(--c${k})`);
export const colourAt = (k: number): string => COLOURS[k % COLOURS.length]!;
export const GREY = 'var(--soft)';
export const GRID = { stroke: 'var(--grid)', strokeOpacity: 1 };

/** Names with their colours, for series too long-named to be labelled in place. */
export function legendOf(
  entries: readonly { readonly name: string; readonly colour: string; readonly dash?: boolean }[],
): Html {
  return html`<ul class="legend">${entries.map(
    ({ name, colour }) => html`<li><i style="border-color:${colour}"></i>${name}</li>`,
  )}</ul>\n`;
}
