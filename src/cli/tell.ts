import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { renderDiagnostic } from '../base/diagnostics/render.js';
import { wrap } from './layout.js';
import type { Style } from './style.js';

/** Diagnostics as a person reads them; what was expected, and hints, wrapped to the screen. */
export function tell(diagnostics: readonly Diagnostic[], style: Style): string {
  return diagnostics.map((each) => tellOne(each, style)).join('\n\n');
}

export function tellOne(diagnostic: Diagnostic, style: Style): string {
  const lines = renderDiagnostic(diagnostic, style.paint).split('\n');
  return lines.flatMap((line) => (isList(line) ? hanging(line, style.width) : [line])).join('\n');
}

const isList = (line: string): boolean => /^ {2}(?:expected|hint): /.test(line);

function hanging(line: string, width: number): string[] {
  const [first = '', ...more] = wrap(line.trim(), width - 4);
  return [`  ${first}`, ...more.map((piece) => `    ${piece}`)];
}
