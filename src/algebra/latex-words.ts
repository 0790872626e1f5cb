import type { Clause } from '../language/ast.js';
import { fullName } from '../language/check/names.js';
import { printExpression } from '../language/print.js';
import type { SignalTable } from '../language/signals.js';
import { numberLatex } from './latex-numbers.js';
import { escaped } from './latex-symbols.js';

/** How events and clauses read. */

/** Whether what a memory starts again at is a spike: else it is the start of something. */
export const isSpike = (since: string | null): since is string =>
  since !== null && !since.endsWith('.start');

/** `on a postsynaptic spike`, `at the end of the trial`, `every 10 steps`, `during the free phase`. */
export function clauseWords(clause: Clause, table: SignalTable): string {
  switch (clause.kind) {
    case 'on':
      return `\\text{${spikeWords(printExpression(clause.event))}}`;
    case 'at':
      return `\\text{at ${eventWords(fullName(clause.event), table)}}`;
    case 'every':
      return `\\text{every } ${numberLatex(clause.interval).text}`;
    case 'during':
      return `\\text{during the ${escaped(clause.phase)} phase}`;
  }
}

/** `on a presynaptic spike`, `5 ms after a postsynaptic spike`, of `pre.spike`, `post.spike@5 ms`. */
export function spikeWords(event: string, article: 'a' | 'the last' = 'a'): string {
  const [name = '', delay] = event.split('@');
  const spike = `${article} ${name.startsWith('pre') ? 'presynaptic' : 'postsynaptic'} spike`;
  if (delay === undefined) return article === 'a' ? `on ${spike}` : spike;
  return `${delay === 'previous' ? 'one step' : delay} after ${spike}`;
}

/** `the end of the trial`, `the start of the free phase`, `the end of the relaxation`. */
export function eventWords(event: string, { phases }: SignalTable): string {
  const [name = '', edge = ''] = event.split('.').map(escaped);
  if (name === 'trial') return `the ${edge} of the trial`;
  if (name === 'relax') return `the ${edge} of the relaxation`;
  return phases.includes(name) ? `the ${edge} of the ${name} phase` : `${name} ${edge}`;
}

/** What a plain sum or mean since an event ranges over. */
export function rangeWords(since: string, table: SignalTable): string {
  if (since === 'trial.start') return '\\text{trial so far}';
  return `\\text{since ${isSpike(since) ? spikeWords(since, 'the last') : eventWords(since, table)}}`;
}
