import { parse } from 'yaml';
import { z } from 'zod';
import type { RunContents } from '../runs/list.js';
import { intervalsFigure } from './figures/intervals.js';
import { type Html, html, raw } from './html.js';
import { count } from './layout.js';
import type { Reported } from './read.js';
import { alsoSection } from './sections/also.js';
import { candidatesSection } from './sections/candidates.js';
import { dataSection } from './sections/data.js';
import { fittedSection } from './sections/fitted.js';
import { aliasSection, frontSection, nullTestSection, pathSection } from './sections/identity.js';
import { curvesSection, typesetSection } from './sections/learned.js';
import { ruleSection } from './sections/rule.js';
import { runSection } from './sections/run.js';
import { figureNames, scoresSection } from './sections/scores.js';
import { searchSection } from './sections/search.js';
import { droppedSection, termsSection } from './sections/terms.js';
import { STYLE } from './style.js';

/** The whole report: one HTML document that needs nothing else. The same run gives the same bytes. */
export function reportPage(run: RunContents, reported: Reported | null): string {
  const { batch, level } = settingsOf(run.config);
  const sections = [
    ...(reported
      ? [
          ruleSection(reported),
          typesetSection(reported),
          termsSection(reported),
          fittedSection(reported),
          aliasSection(reported),
          nullTestSection(reported),
          scoresSection(reported, intervalsFigure(figureNames(reported), reported.scores, level)),
          curvesSection(reported, level),
          alsoSection(reported),
          frontSection(reported),
          candidatesSection(reported),
          pathSection(reported),
          droppedSection(reported),
        ]
      : []),
    searchSection(run.history, reported, batch),
    runSection(run, reported),
    dataSection(run, reported),
  ].filter((part) => part !== null);
  return documentOf(run, summary(run, reported), sections);
}

/** A page about a run: one sentence, then sections. */
export function documentOf(run: RunContents, about: string, sections: readonly Html[]): string {
  const title = `${run.manifest.name}, seed ${run.manifest.seed}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} – engrammar</title>
<style>
${raw(STYLE)}
</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="about">${about}</p>
${contents(sections)}
</header>
<main>${sections}
</main>
</body>
</html>
`;
  return page.markup;
}

const KINDS: Readonly<Record<Reported['kind'], string>> = {
  discovery: 'Discovery of a plasticity rule',
  run: 'Plasticity rules on a task',
  inference: 'A plasticity rule inferred from a recording',
};

function summary({ status }: RunContents, reported: Reported | null): string {
  if (reported === null) return `This run has no result yet: it is ${status}.`;
  const { kind, terms, rule } = reported;
  const found = rule === null ? ': no rule' : rule ? `: ${count(terms.length, 'term')}` : '';
  return `${KINDS[kind]}${found}.`;
}

/** What the report needs of the configuration; a configuration of another kind has none of it. */
function settingsOf(config: string): { batch: number; level: number | null } {
  const settings = settingsShape.safeParse(parse(config));
  const { learner, evaluate } = settings.success ? settings.data : {};
  return { batch: learner?.batch ?? 1, level: evaluate?.level ?? null };
}

const settingsShape = z.object({
  learner: z.object({ batch: z.int() }).optional(),
  evaluate: z.object({ level: z.number() }).optional(),
});

function contents(sections: readonly Html[]): Html {
  const links = sections.map(({ markup }) => {
    const [, id = '', heading = ''] = /<h2 id="([^"]*)-heading">([^<]*)</.exec(markup) ?? [];
    return html`<li><a href="#${id}">${raw(heading)}</a></li>`;
  });
  return html`<nav aria-label="Contents"><ul>${links}</ul></nav>`;
}
