import { describe, expect, it } from 'vitest';
import { latexMatrix, latexSynapse } from '../../src/algebra/latex-rule.js';
import { unwrap } from '../../src/base/result.js';
import { latexEquations, latexOf } from '../../src/express/latex.js';
import { checkRule } from '../../src/language/check.js';
import type { CheckedRule } from '../../src/language/checked.js';
import { parse } from '../../src/language/parse.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';

function checked(text: string): CheckedRule {
  const source = { name: 'test', text: `rule r { ${text} }` };
  const [rule] = unwrap(parse(source));
  if (rule?.kind !== 'rule') throw new Error('not a rule');
  return unwrap(checkRule(rule, source, wholeVocabulary));
}

/** The formulas of a form without their alignment. */
function linesOf(latex: string): string[] {
  return latex
    .split('\n')
    .filter((line) => !/^\\(begin|end)\{aligned\}$/.test(line))
    .map((line) => line.trim().replace(/ \\\\$/, ''));
}

const synapse = (text: string): string[] => linesOf(latexSynapse(checked(text)));
const matrix = (text: string): string[] => linesOf(latexMatrix(checked(text)));

describe('memory', () => {
  it('adds and fades as a trace, with what the step keeps', () => {
    expect(synapse('trace x = pre.spike over 20 ms  dw = x')[0]).toBe(
      'x_j &\\leftarrow \\mathrm{e}^{-\\Delta t/(20\\,\\mathrm{ms})} \\, x_j + S_j',
    );
    expect(synapse('param f = 0.9 trace h = pre - 2 keeping f  dw = h')[0]).toBe(
      'h_j &\\leftarrow f h_j + x_j - 2',
    );
  });

  it('is a mean since an event also where it starts from something or reads itself', () => {
    const start = 'since trial.start';
    expect(synapse(`average m = pre ${start} from 5 dw = m`)[0]).toBe(
      'm_j &= \\left\\langle x_j \\right\\rangle_{\\text{trial so far}} && m_j^{-} = 5 \\text{ at the start of the trial}',
    );
    expect(synapse(`average m = pre + m ${start} dw = m`)[0]).toBe(
      'm_j &= \\left\\langle x_j + m_j^{-} \\right\\rangle_{\\text{trial so far}}',
    );
  });

  it('says how long after a spike a line acts or starts again', () => {
    const [sum, state, set] = synapse(
      'trace t = pre since pre.spike@5 ms state s = 1 then s + pre since post.spike@previous ' +
        'on pre.spike@previous: set w = t + s',
    );
    expect(sum).toContain('\\sum_{\\text{since 5 ms after the last presynaptic spike}}');
    expect(state).toContain('1 + x_j & \\text{one step after a postsynaptic spike}');
    expect(set).toMatch(/&& \\text\{one step after a presynaptic spike\}$/);
  });

  it('is a differential equation as a running mean over a time, and a mean of spikes a rate', () => {
    const written = synapse(
      'param tau = 10 ms average v = pre.spike over tau from 5 Hz dw = v * dt',
    );
    expect(written[0]).toBe(
      '\\tau \\frac{\\mathrm{d} v_j}{\\mathrm{d} t} &= -v_j + \\frac{S_j}{\\Delta t} && v_j(0) = 5\\,\\mathrm{Hz}',
    );
  });

  it('is stepwise as a running mean that is kept or counts steps, or that reads itself', () => {
    expect(synapse('average m = post keeping 0.95 dw = m')[0]).toBe(
      'm_i &\\leftarrow 0.95 m_i + 0.05 y_i',
    );
    expect(synapse('param T = 5 steps average m = post over T dw = m')[0]).toBe(
      'm_i &\\leftarrow \\mathrm{e}^{-\\Delta t/T} \\, m_i + (1 - \\mathrm{e}^{-\\Delta t/T}) y_i',
    );
    expect(synapse('average m = post - m over 5 ms dw = m')[0]).toMatch(/\(y_i - m_i\)$/);
  });

  it('starts again: at the start of a trial in words, at a spike in cases', () => {
    expect(synapse('trace x = pre keeping 0.5 since trial.start dw = x')[0]).toBe(
      '\\bar{x}_j &\\leftarrow 0.5 \\bar{x}_j + x_j && \\bar{x}_j = 0 \\text{ at the start of the trial}',
    );
    expect(synapse('trace x = pre.spike over 2 ms since pre.spike dw = x')[0]).toBe(
      'x_j &\\leftarrow \\begin{cases} S_j & \\text{on a presynaptic spike} \\\\ ' +
        '\\mathrm{e}^{-\\Delta t/(2\\,\\mathrm{ms})} \\, x_j + S_j & \\text{otherwise} \\end{cases}',
    );
  });

  it('is a sum or mean where nothing fades', () => {
    expect(synapse('trace n = pre.spike since trial.start dw = n')[0]).toBe(
      'n_j &= \\sum_{\\text{trial so far}} S_j',
    );
    expect(synapse('during free: average g = post * pre since trial.start dw = g')[0]).toBe(
      'g_{ij} &= \\left\\langle y_i x_j \\right\\rangle_' +
        '{\\substack{\\text{trial so far} \\\\ \\text{during the free phase}}}',
    );
  });

  it('goes on fading while a trace does not act, and stands still otherwise', () => {
    expect(synapse('during free: trace x = pre over 3 steps dw = x * post')[0]).toMatch(
      /\\begin\{cases\} .* & \\text\{during the free phase\} \\\\ .* \\bar\{x\}_j & \\text\{otherwise\}/,
    );
    expect(synapse('at trial.end: average a = post keeping 0.5 dw = a')[0]).toBe(
      'a_i &\\leftarrow 0.5 a_i + 0.5 y_i && \\text{at the end of the trial}',
    );
  });

  it('that adds on a spike has the spike as a factor', () => {
    expect(synapse('on post.spike: trace e = pre over 5 ms dw = e')[0]).toMatch(/\+ x_j S_i$/);
  });

  it('says which value is read next to a spike', () => {
    const rule =
      'param tau = 1 s trace x = pre.spike over 2 ms on post.spike: dw = x dw/dt = x / tau';
    expect(synapse(rule)).toEqual([
      'x_j &\\leftarrow \\mathrm{e}^{-\\Delta t/(2\\,\\mathrm{ms})} \\, x_j + S_j',
      '\\Delta w_{ij} &= x_j^{-} && \\text{on a postsynaptic spike}',
      '\\frac{\\mathrm{d} w_{ij}}{\\mathrm{d} t} &= \\frac{x_j}{\\tau}',
    ]);
  });

  it('is a draw, or recursive least squares', () => {
    expect(synapse('draw u = normal per post dw = u')[0]).toBe('u_i &\\sim \\mathcal{N}(0, 1)');
    const whiten = 'param P = 1 every 5 steps: whiten k = pre ridge 2 gate P dw = k * post.error';
    expect(matrix(whiten).slice(0, 2)).toEqual([
      'k &= \\frac{P x}{1 + x^\\top P x} && \\text{every } 5\\,\\mathrm{steps}',
      'P &\\leftarrow P - \\mathrm{P} \\, k (P x)^\\top && \\text{every } 5\\,\\mathrm{steps};\\; P(0) = \\frac{1}{2} \\, I',
    ]);
  });
});

describe('symbols', () => {
  it('of memory keep their letter where no signal that is read has it, else they get a bar', () => {
    expect(synapse('trace x = pre.spike over 2 ms dw = x')[1]).toBe('\\Delta w_{ij} &= x_j');
    expect(synapse('trace x = pre over 2 steps dw = x * pre')[1]).toBe(
      '\\Delta w_{ij} &= \\bar{x}_j x_j',
    );
    expect(synapse('average e = post.error keeping 0.5 dw = e * pre')[1]).toBe(
      '\\Delta w_{ij} &= \\bar{e}_i x_j',
    );
  });

  it('are the same in the equations and in the values of the parameters', () => {
    const { synapse: written, parameters } = latexOf(checked('param s = 2 dw = s * pre'));
    expect([written, parameters]).toEqual(['\\Delta w_{ij} = s x_j', 's = 2']);
    expect(latexOf(checked('param s = 2 dw = s * sample_weight * pre')).parameters).toBe(
      '\\mathrm{s} = 2',
    );
  });

  it('of values per synapse are capitals as matrices where they are free', () => {
    expect(matrix('trace e = post * pre over 5 steps dw = reward * e')).toEqual([
      'E &\\leftarrow \\mathrm{e}^{-\\Delta t/(5\\,\\mathrm{steps})} \\, E + y x^\\top',
      '\\Delta W &= R E',
    ]);
  });
});

describe('changes', () => {
  it('on spikes are one sum with the spikes as factors in the matrix form', () => {
    const rule =
      'trace x = pre.spike over 2 ms trace y = post.spike over 2 ms ' +
      'on post.spike: dw = x on pre.spike: dw = -y bound w in [0, 1]';
    expect(matrix(rule).slice(2)).toEqual([
      '\\Delta W &= S (x^{-})^\\top - y^{-} S_{\\mathrm{pre}}^\\top',
      'w_{ij} &\\in [0, 1]',
    ]);
  });

  it('that no matrix says well are said of one synapse', () => {
    expect(matrix('set w = if w > post then pre else w')).toEqual([
      'w_{ij} \\leftarrow \\begin{cases} x_j & \\text{if } w_{ij} > y_i \\\\ w_{ij} & \\text{otherwise} \\end{cases}' +
        ' \\quad \\text{for all } i, j',
    ]);
    expect(matrix('dw = w * sigmoid(w - 1)')[0]).toMatch(
      /^\\Delta w_\{ij\} = .*\\text\{for all \} i, j$/,
    );
  });

  it('have a factor 0 or 1 where a condition holds for some neurons, cases where it is for all', () => {
    expect(matrix('dw = if post > 1 then pre else 0')).toEqual(['\\Delta W = [y > 1] x^\\top']);
    expect(matrix('dw = if reward > 1 then post * pre else w')).toEqual([
      '\\Delta W = \\begin{cases} y x^\\top & \\text{if } R > 1 \\\\ W & \\text{otherwise} \\end{cases}',
    ]);
  });

  it('name moments of signals', () => {
    expect(synapse('at trial.end: dw = post@free * pre@previous * pre@3 steps')).toEqual([
      '\\Delta w_{ij} = y_i^{\\mathrm{free}} x_j(t - \\Delta t) x_j(t - 3\\,\\mathrm{steps})' +
        ' \\quad \\text{at the end of the trial}',
    ]);
  });

  it('stand with what is sent, and with the sign that is kept', () => {
    expect(synapse('dw = pre transmit 2 * w bound w keeping sign')).toEqual([
      'w_{ij}^{\\mathrm{eff}} &= 2 w_{ij}',
      '\\Delta w_{ij} &= x_j',
      'w_{ij} \\, w_{ij}(0) &\\ge 0',
    ]);
  });
});

describe('layout', () => {
  it('breaks long sums before a sign, outside brackets', () => {
    const terms = Array.from({ length: 12 }, (_, n) => `${n + 2} * (post - pre)^2 * w`);
    const rows = synapse(`dw = ${terms.join(' - ')}`);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.slice(1).every((row) => row.startsWith('&\\qquad - '))).toBe(true);
    expect(
      rows
        .join(' ')
        .replaceAll('&\\qquad ', '')
        .match(/\(y_i - x_j\)/g),
    ).toHaveLength(12);
  });

  it('puts many parameters in rows and pulls a common unit out', () => {
    const names = ['a', 'b', 'c', 'd', 'f', 'g'];
    const rule = `param ${names.map((n) => `${n} = 1`).join(', ')}, tau = 20 ms ± 3 ms dw = (a+b+c+d+f+g) * dt / tau`;
    const text = latexEquations(latexOf(checked(rule)));
    expect(text).toContain('\\begin{gathered}');
    expect(text).toContain('\\tau = (20 \\pm 3)\\,\\mathrm{ms}');
  });
});
