import type { Expression, RuleLine, SpaceLine } from '../ast.js';

/** Every expression written in a line, in the order of the text; events of clauses are none. */
export function expressionsOf(line: RuleLine | SpaceLine): readonly Expression[] {
  switch (line.kind) {
    case 'note':
    case 'param':
    case 'draw':
    case 'keeping sign':
    case 'keep':
      return [];
    case 'let':
    case 'change':
    case 'transmit':
      return [line.value];
    case 'trace':
    case 'average':
      return [line.value, line.fading?.value, line.from].filter((each) => each != null);
    case 'state':
      return [line.start, line.value];
    case 'whiten':
      return [line.value, line.ridge, ...(line.gate ? [line.gate] : [])];
    case 'bound':
      return [line.low, line.high];
    case 'choice':
    case 'term':
      return line.alternatives;
    case 'drop':
      return line.expressions;
  }
}
