import type { Clause, Condition, Expression, Measure, Rule } from '../../src/language/ast.js';

/** What of the language a rule uses, each once: `trace over`, `sum_pre`, `@before`, `on`, `if`. */
export function constructsOf(rule: Rule): Set<string> {
  const found = new Set<string>();
  const note = (...names: string[]): void => {
    for (const name of names) found.add(name);
  };
  const measure = ({ unit, per }: Measure): void =>
    note(...[unit, ...per].flatMap((each) => each ?? []));
  const expression = (e: Expression | null): void => {
    if (e === null) return;
    if (e.kind === 'number') measure(e.measure);
    if (e.kind === 'negate') {
      note('negation');
      expression(e.operand);
    }
    if (e.kind === 'name') {
      const { moment } = e;
      note(e.member === null ? e.name : `${e.name}.${e.member}`);
      if (moment?.kind === 'delay') note('@delay');
      else if (moment) note(/^(before|previous)$/.test(moment.name) ? `@${moment.name}` : '@phase');
    }
    if (e.kind === 'binary') {
      note(e.operator);
      expression(e.left);
      expression(e.right);
    }
    if (e.kind === 'call') {
      note(e.callee);
      e.args.forEach(expression);
    }
    if (e.kind === 'if') {
      note('if');
      condition(e.condition);
      expression(e.then);
      expression(e.otherwise);
    }
  };
  const condition = (c: Condition): void => {
    if (c.kind === 'compare') {
      note(c.operator);
      expression(c.left);
      expression(c.right);
    } else {
      note(c.kind);
      condition(c.left);
      condition(c.right);
    }
  };
  const clauses = (list: readonly Clause[]): void => {
    for (const { kind } of list) note(kind);
    if (list.length > 1) note('stacked clauses');
  };
  for (const line of rule.lines) {
    switch (line.kind) {
      case 'param':
        for (const { value, spread, range, scope, fit } of line.definitions) {
          measure(value);
          if (spread) note('±');
          if (range) note('range');
          if (scope) note(`per ${scope}`);
          if (fit) note('fit', `fit per ${scope ?? 'rule'}`);
        }
        break;
      case 'let':
        note('let');
        expression(line.value);
        break;
      case 'bound':
        note('bound');
        expression(line.low);
        expression(line.high);
        break;
      case 'change':
        note(line.form);
        clauses(line.clauses);
        expression(line.value);
        break;
      case 'trace':
      case 'average':
      case 'state':
        clauses(line.clauses);
        expression(line.value);
        if (line.kind === 'state') note('state');
        else {
          note(`${line.kind} ${line.fading?.kind ?? 'since'}`);
          if (line.from) note('from');
          expression(line.fading?.value ?? null);
        }
        if (line.since) note(line.since.member === 'spike' ? 'since a spike' : 'since a start');
        break;
      case 'whiten':
        note('whiten', ...(line.gate ? ['gate'] : []));
        clauses(line.clauses);
        expression(line.value);
        break;
      case 'draw':
        note(`draw ${line.distribution}`, `draw per ${line.scope}`);
        clauses(line.clauses);
        break;
      case 'keeping sign':
      case 'transmit':
        note(line.kind);
        if (line.kind === 'transmit') expression(line.value);
        break;
      case 'note':
        break;
    }
  }
  return found;
}
