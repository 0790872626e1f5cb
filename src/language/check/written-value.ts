import { notAFraction, notPositive } from '../../base/diagnostics/memory.js';
import { PLAIN, sameDimension } from '../../base/dimension.js';
import { inBaseUnits } from '../../base/units.js';
import type { Expression } from '../ast.js';
import type { CheckedMemory, Parameter } from '../checked.js';
import { printMeasure } from '../print.js';
import { at, type Names } from './names.js';

/**
 * The value, in base units, of an expression of numbers and parameters, with the values that the text
 * gives to them; null where it has other parts, or functions. Lets must have been replaced. Without
 * `parameters` the value of an expression of numbers alone.
 */
export function writtenValue(
  node: Expression,
  parameters: ReadonlyMap<string, Parameter> = NO_PARAMETERS,
): number | null {
  switch (node.kind) {
    case 'number':
      return inBaseUnits(node.measure).value;
    case 'name':
      return node.member === null ? (parameters.get(node.name)?.value ?? null) : null;
    case 'negate': {
      const value = writtenValue(node.operand, parameters);
      return value === null ? null : -value;
    }
    case 'binary': {
      const left = writtenValue(node.left, parameters);
      if (left === null) return null;
      const right = writtenValue(node.right, parameters);
      return right === null ? null : COMPUTED[node.operator](left, right);
    }
    default:
      return null;
  }
}

const NO_PARAMETERS: ReadonlyMap<string, Parameter> = new Map();

const COMPUTED = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '^': (a: number, b: number) => a ** b,
} as const;

/** Refuses time constants and ridges of 0 or less, and fractions outside of [0, 1], as the text has them. */
export function checkWritten(
  { line, fading, ridge }: CheckedMemory,
  parameters: ReadonlyMap<string, Parameter>,
  names: Names,
): void {
  const check = (what: string, checked: Expression, written: Expression): void => {
    // Of numbers alone it was found out before.
    if (writtenValue(checked) !== null) return;
    const value = writtenValue(checked, parameters);
    if (value === null || value > 0) return;
    const parameter = written.kind === 'name' ? parameters.get(written.name) : undefined;
    const given = parameter && printMeasure(parameter.definition.value);
    const facts = given === undefined ? { what } : { what, given };
    names.report(notPositive(facts, at(names, written.span)));
  };
  if ('fading' in line && line.fading && fading?.kind === 'over') {
    check('`over`', fading.value, line.fading.value);
  }
  if ('fading' in line && line.fading && fading?.kind === 'keeping') {
    const value = writtenValue(fading.value, parameters);
    // What has a unit was found out before.
    if (value !== null && isPlain(fading.value, parameters) && !(value >= 0 && value <= 1)) {
      const where = at(names, line.fading.value.span);
      names.report(notAFraction({ given: String(value) }, where));
    }
  }
  if (line.kind === 'whiten' && ridge) check('a ridge', ridge, line.ridge);
}

/** Whether no number and no parameter of an expression has a unit. */
function isPlain(node: Expression, parameters: ReadonlyMap<string, Parameter>): boolean {
  switch (node.kind) {
    case 'number':
      return sameDimension(inBaseUnits(node.measure).dimension, PLAIN);
    case 'name':
      return sameDimension(parameters.get(node.name)?.dimension ?? PLAIN, PLAIN);
    case 'negate':
      return isPlain(node.operand, parameters);
    case 'binary':
      return isPlain(node.left, parameters) && isPlain(node.right, parameters);
    default:
      return true;
  }
}
