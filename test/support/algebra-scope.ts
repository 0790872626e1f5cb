import { PLAIN } from '../../src/base/dimension.js';
import { NOWHERE } from '../../src/language/ast.js';
import type { Parameter, Scope } from '../../src/language/checked.js';
import type { Extent, Signal } from '../../src/language/signals.js';

/** A small vocabulary of its own, so that tests of the algebra do not depend on the circuits. */

function signal(name: string, extent: Extent): Signal {
  return {
    name,
    extent,
    grade: 'synapse',
    dimension: PLAIN,
    event: false,
    symbol: name,
    matrixSymbol: name,
    meaning: name,
  };
}

function parameter(name: string, value: number, extent: Extent): Parameter {
  const text = String(value);
  return {
    name,
    value,
    dimension: PLAIN,
    extent,
    fit: false,
    definition: {
      name,
      nameSpan: NOWHERE,
      value: { text, number: value, unit: null, per: [] },
      spread: null,
      range: null,
      scope: null,
      fit: false,
      span: NOWHERE,
    },
  };
}

export const SIGNALS: readonly Signal[] = [
  signal('w', 'synapse'),
  signal('pre', 'pre'),
  signal('post', 'post'),
  signal('pre.slope', 'pre'),
  signal('post.slope', 'post'),
  signal('pre.error', 'pre'),
  signal('post.error', 'post'),
  signal('w.noise', 'synapse'),
  signal('reward', 'global'),
  signal('pre.size', 'global'),
  signal('post.size', 'global'),
];

export const PARAMETERS: readonly Parameter[] = [
  parameter('eta', 0.37, 'global'),
  parameter('theta', 1.3, 'global'),
  parameter('lambda', 0.71, 'global'),
  parameter('beta', 0.9, 'post'),
];

export const SCOPE: Scope = {
  table: {
    name: 'test table',
    signals: SIGNALS,
    projections: [],
    phases: [],
    events: [],
    time: 'either',
  },
  parameters: new Map(PARAMETERS.map((p) => [p.name, p])),
  memories: new Map(),
};
