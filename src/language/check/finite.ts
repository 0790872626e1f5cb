import { notANumber } from '../../base/diagnostics/language.js';
import type { Expression } from '../ast.js';
import { printExpression } from '../print.js';
import { at, type Names } from './names.js';

/** Reports what is made of numbers alone and comes to none. */
export function checkNumber(written: Expression, value: number, names: Names): void {
  if (Number.isFinite(value)) return;
  const text = printExpression(written);
  names.report(notANumber({ text, value }, at(names, written.span)));
}
