import { describe, expect, test } from 'vitest';
import type { Diagnostic, DiagnosticKind } from '../../src/base/diagnostics/diagnostic.js';
import * as language from '../../src/base/diagnostics/language.js';
import { languageDiagnostics } from '../../src/base/diagnostics/language.js';
import { renderDiagnostics } from '../../src/base/diagnostics/render.js';
import * as space from '../../src/base/diagnostics/space.js';
import { spaceDiagnostics } from '../../src/base/diagnostics/space.js';
import * as syntax from '../../src/base/diagnostics/syntax.js';
import { syntaxDiagnostics } from '../../src/base/diagnostics/syntax.js';
import { parseExpression } from '../../src/language/parse.js';
import { tableOffering } from '../../src/language/vocabulary.js';
import { diagnose } from './helpers.js';

/** A circuit with little to offer. */
const small = tableOffering('a small circuit', ['w', 'pre', 'post'], ['forward', 'feedback']);

// biome-ignore lint/suspicious/noExplicitAny: the facts differ from kind to kind
type Kind = DiagnosticKind<any>;

/** For each kind a text that shows it, and nothing else. `|` marks where the place starts. */
const cases: readonly [Kind, string, typeof small?][] = [
  [syntax.unexpectedWord, 'rule a {\n param eta |0.1\n dw = w }'],
  [syntax.unfinishedLine, 'rule a {\n dw = w *|\n let b = 1 }'],
  [syntax.missingOperator, 'rule a { dw = |2 w }'],
  [syntax.unclosedBracket, 'rule a { dw = |(w + 1 }'],
  [syntax.unclosedBracket, 'rule a |{ dw = w'],
  [syntax.strayCloser, 'rule a { dw = w|) }'],
  [syntax.strayCharacter, 'rule a { dw = w|; }'],
  [syntax.unclosedText, 'rule a {\n about |"no end\n dw = w }'],
  [syntax.unknownUnit, 'rule a {\n param tau = 20 |sec\n dw = w }'],
  [syntax.emptyFile, '|# nothing but a comment'],
  [syntax.unknownLineWord, 'rule a {\n |parm eta = 0.1\n dw = w }'],
  [syntax.reservedName, 'rule a { let |over = 1 dw = w }'],
  [syntax.tooDeep, `rule a { dw = ${'('.repeat(200)}|(w${')'.repeat(201)} }`],
  [syntax.tooLong, `|${'# a long comment\n'.repeat(20_000)}`],
  [syntax.tooLong, `rule |${'a'.repeat(101)} { dw = w }`],
  [syntax.tooLong, `|rule a { dw = w ${'dw = w '.repeat(4000)} }`],
  [syntax.tooLong, `space a { term = w${' | w'.repeat(1000)} || w }`],
  [syntax.numberOutOfRange, 'rule a { dw = |1e999 }'],
  [syntax.numberOutOfRange, 'rule a { dw = |1e-999 }'],
  [syntax.outsideItem, '|post * pre'],
  [syntax.wrongKindOfLine, 'rule a { dw = w |term = w }'],
  [syntax.wrongKindOfLine, 'space a { term = w |dw = w }'],
  [language.unknownName, 'rule a { dw = |post.eror }'],
  [language.unknownName, 'space a { choice c(s) = |s.errorr term = c(pre) }'],
  [language.signalNotOffered, 'rule a { dw = |post.error }', small],
  [language.nameTaken, 'rule a { param |post = 1 dw = w }'],
  [language.nameTaken, 'rule a { let |exp = 1 dw = w }'],
  [language.definedTwice, 'rule a { param b = 1 let |b = 2 dw = b }'],
  [language.letCircle, 'rule a { |let b = c let c = 2 * b dw = b }'],
  [language.letsTooLarge, `rule a { ${doubling(12)} |let b13 = b12 * b12 dw = b13 }`],
  [language.wrongArity, 'rule a { dw = |clip(w, 1) }'],
  [language.unknownFunction, 'rule a { dw = |rlu(w) }'],
  [language.notAFunction, 'rule a { dw = |pre (post) }'],
  [language.functionWithoutArguments, 'rule a { dw = |relu }'],
  [language.unlikeUnits, 'rule a { param t = 1 ms, v = 1 mV dw = |(t + v) / t }'],
  [language.unlikeUnits, 'rule a { param t = 1 ms dw = |min(t, 1) / t }'],
  [language.unlikeUnits, 'rule a { param |t = 1 ms in [0, 5 mV] dw = t / t }'],
  [language.needsPlainNumber, 'rule a { param t = 1 ms dw = exp(|t) }'],
  [language.needsPlainNumber, 'rule a { param t = 1 ms dw = w^|t }'],
  [language.exponentNotLiteral, 'rule a { param t = 1 ms dw = t^|w / t }'],
  [language.changeNotPlain, 'rule a { param t = 1 ms dw = |w * t }'],
  [language.mixedExtentsInSum, 'rule a { dw = |sum_all(post + w) }'],
  [language.nothingToSum, 'rule a { dw = |sum_all(1) }'],
  [language.spikeInside, 'rule a { dw = exp(|pre.spike) }'],
  [language.spikeInside, 'rule a { dw = w / |pre.spike }'],
  [language.spikeInside, 'rule a { dw = |pre.spike^2 }'],
  [language.spikeInside, 'rule a { dw = |max_pre(pre.spike) }'],
  [language.divisionByLiteralZero, 'rule a { dw = |w / (1 - 1) }'],
  [language.changesNothing, 'rule |a { about "nothing" }'],
  [language.twoChanges, 'rule a { dw = w |dw = pre }'],
  [language.unknownProjection, 'rule |a for forwards { dw = w }', small],
  [language.valueOutsideRange, 'rule a { param |b = 2 in [0, 1] dw = b }'],
  [language.emptyRange, 'rule a { param |b = 1 in [2, 0] dw = b }'],
  [language.momentOfNoSignal, 'rule a { param b = 1 dw = |b@previous }'],
  [language.notYet, 'rule a { dw = |pre@previous }'],
  [language.notYet, 'rule a { dw = |pre.spike@13.7 ms }'],
  [language.notYet, 'rule a { dw = |if w > 0 then 1 else 0 }'],
  [language.notYet, 'rule a { |on pre.spike: dw = w }'],
  [language.notYet, 'rule a { |during free: dw = w }'],
  [language.notYet, 'rule a { |dw/dt = w }'],
  [language.notYet, 'rule a { |set w = pre }'],
  [language.notYet, 'rule a { dw = pre |bound w in [0, 1] }'],
  [language.notYet, 'rule a { dw = pre |bound w keeping sign }'],
  [language.notYet, 'rule a { |transmit w }'],
  [language.notYet, 'rule a { param |b = 1 per post dw = b }'],
  [language.notYet, 'rule a { |trace x = pre keeping 0.9 dw = x }'],
  [language.notYet, 'rule a { |average x = pre keeping 0.9 dw = x }'],
  [language.notYet, 'rule a { |state x = 0 then x + pre dw = x }'],
  [language.notYet, 'rule a { |whiten k = pre ridge 10 dw = post * k }'],
  [language.notYet, 'rule a { |draw u = normal per synapse dw = u }'],
  [language.unusedName, 'rule a { param |eta = 1 dw = w }'],
  [language.unusedName, 'rule a { let |b = w dw = w }'],
  [language.unusedName, 'space a { choice |b = 1 | w term = w }'],
  [space.noTerms, 'space |a { param b = 1 drop b }'],
  [space.unknownLimit, 'space a { term = w keep |degre <= 2 }'],
  [space.wrongLimit, 'space a { term = w keep |degree <= 2.5 }'],
  [space.wrongLimit, 'space a { term = w keep |locality <= neurons }'],
  [space.wrongLimit, 'space a { term = w keep |power <= neuron }'],
  [space.limitTwice, 'space a { term = w keep power <= 2, |power <= 3 }'],
  [space.formalTwice, 'space a { |choice c(s, s) = s term = c(pre, post) }'],
  [space.wrongFormals, 'space a { choice c(s) = s term = |c(pre, post) }'],
  [space.wrongFormals, 'space a { choice c(s) = s term = |c }'],
  [space.wrongFormals, 'space a { choice c = pre term = |c(pre) }'],
  [space.formalNeedsSide, 'space a { choice c(s) = s.error term = c(|w) }'],
  [space.endlessChoice, 'space a { choice |c = 1 | c * w term = c }'],
  [space.barrenChoice, 'space a { choice |c = c * w term = c keep complexity <= 3 }'],
  [space.choiceDropped, 'space a { choice c = 1 | w term = c drop |c }'],
  [space.termExcluded, 'space a { term = w term = |post.error keep locality <= neuron }'],
];

function doubling(levels: number): string {
  const lets = Array.from({ length: levels }, (_, i) => `let b${i + 1} = b${i} * b${i}`);
  return ['let b0 = w * w', ...lets].join(' ');
}

function split(marked: string): { text: string; start: number } {
  // Alternatives are separated by ` | `; the mark of the place stands right before something.
  const start = marked.search(/\|(?! )/);
  return { text: marked.slice(0, start) + marked.slice(start + 1), start };
}

describe('every kind of diagnostic', () => {
  test.each(
    cases.map(([kind, marked, table]) => ({ kind, marked, table, short: marked.slice(0, 70) })),
  )('$kind.code $short', ({ kind, marked, table }) => {
    const { text, start } = split(marked);
    const found = diagnose(text, table);
    expect(
      found.map((d) => d.code),
      renderDiagnostics(found),
    ).toEqual([kind.code]);
    expect(found[0]!.span?.start).toBe(start);
    expect(found[0]!.severity).toBe(kind.code.startsWith('W') ? 'warning' : 'error');
  });

  test('that comes together with another', () => {
    const codes = (text: string): string[] => diagnose(text).map((d) => d.code);
    expect(codes('space a { term = post.error keep locality <= neuron }')).toEqual([
      space.allTermsExcluded.code,
      space.termExcluded.code,
    ]);
    expect(codes('rule a { trace x = pre.spike over 5 ms dw = (pre.spike + 1) * x }')).toEqual([
      language.notYet.code,
      language.mixedTimesMemory.code,
    ]);
    expect(codes('rule a { param b = 5 per sec dw = b }')).toEqual([
      language.unknownScope.code,
      language.notYet.code,
    ]);
    expect(codes('rule a {\n'.repeat(150))).toContain(syntax.tooManyMistakes.code);
  });

  test('of an expression alone', () => {
    const codesOf = (text: string): string[] => {
      const result = parseExpression({ name: 'text', text });
      return result.ok ? [] : result.diagnostics.map((d: Diagnostic) => d.code);
    };
    expect(codesOf('')).toEqual([syntax.emptyExpression.code]);
    expect(codesOf('a b')).toEqual([syntax.missingOperator.code]);
    expect(codesOf('a +')).toEqual([syntax.unfinishedLine.code]);
    expect(codesOf('(a')).toEqual([syntax.unclosedBracket.code]);
    expect(codesOf('a )')).toEqual([syntax.strayCloser.code]);
    expect(codesOf('a } b')).not.toEqual([]);
    expect(codesOf('dw = a')).not.toEqual([]);
  });

  test('is shown by a text in this file', () => {
    const shownElsewhere = [
      language.sameNameTwice,
      language.mixedTimesMemory,
      language.unknownScope,
      space.allTermsExcluded,
      syntax.tooManyMistakes,
      syntax.emptyExpression,
    ];
    const shown = new Set([...cases.map(([kind]) => kind), ...shownElsewhere].map((k) => k.code));
    const all = [...syntaxDiagnostics, ...languageDiagnostics, ...spaceDiagnostics];
    expect(all.map((kind) => kind.code).filter((code) => !shown.has(code))).toEqual([]);
    expect(new Set(all.map((kind) => kind.code)).size).toBe(all.length);
    for (const kind of all) expect(kind.explanation.length).toBeGreaterThan(60);
  });
});
