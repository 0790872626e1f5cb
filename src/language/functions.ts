/** How the dimension of a function's value follows from its arguments. */
export type DimensionRule =
  /** All arguments have one dimension, which is that of the value. */
  | 'same'
  /** Any dimension in, a plain number out. */
  | 'loses'
  /** Plain numbers only. */
  | 'plain'
  /** The square root of the argument's dimension. */
  | 'root';

export interface LanguageFunction {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly dimension: DimensionRule;
  readonly meaning: string;
}

/** A sum, mean or maximum over neurons or synapses of this projection. */
export interface Reduction {
  readonly name: string;
  readonly operation: 'sum' | 'mean' | 'max';
  readonly over: 'pre' | 'post' | 'all' | 'upto_post';
  readonly meaning: string;
}

const x = ['x'];

export const languageFunctions: readonly LanguageFunction[] = [
  { name: 'abs', arguments: x, dimension: 'same', meaning: 'Size of x without its sign.' },
  { name: 'sign', arguments: x, dimension: 'loses', meaning: '1 for x > 0, -1 for x < 0, else 0.' },
  { name: 'min', arguments: ['a', 'b'], dimension: 'same', meaning: 'The smaller of the two.' },
  { name: 'max', arguments: ['a', 'b'], dimension: 'same', meaning: 'The larger of the two.' },
  { name: 'relu', arguments: x, dimension: 'same', meaning: 'x where it is positive, else 0.' },
  { name: 'step', arguments: x, dimension: 'loses', meaning: '1 for x > 0, else 0.' },
  { name: 'exp', arguments: x, dimension: 'plain', meaning: 'Exponential of x.' },
  { name: 'log', arguments: x, dimension: 'plain', meaning: 'Natural logarithm of x.' },
  { name: 'sqrt', arguments: x, dimension: 'root', meaning: 'Square root of x.' },
  { name: 'tanh', arguments: x, dimension: 'plain', meaning: 'Hyperbolic tangent of x.' },
  { name: 'sigmoid', arguments: x, dimension: 'plain', meaning: '1 / (1 + exp(-x)).' },
  { name: 'softplus', arguments: x, dimension: 'plain', meaning: 'log(1 + exp(x)).' },
  {
    name: 'clip',
    arguments: ['x', 'lo', 'hi'],
    dimension: 'same',
    meaning: 'x, but not below lo nor above hi.',
  },
];

const RANGES = {
  pre: 'the existing synapses onto the postsynaptic neuron; gives one value per postsynaptic neuron',
  post: 'the existing synapses from the presynaptic neuron; gives one value per presynaptic neuron',
  all: 'all neurons of the population (E is pre or post) or all existing synapses (E is synapse)',
} as const;
const OPERATIONS = { sum: 'Sum', mean: 'Mean', max: 'Maximum' } as const;

export const reductions: readonly Reduction[] = [
  ...(['sum', 'mean', 'max'] as const).flatMap((operation) =>
    (['pre', 'post', 'all'] as const).map((over) => ({
      name: `${operation}_${over}`,
      operation,
      over,
      meaning: `${OPERATIONS[operation]} of E over ${RANGES[over]}.`,
    })),
  ),
  {
    name: 'sum_upto_post',
    operation: 'sum',
    over: 'upto_post',
    meaning:
      'Sum of E over the existing synapses from the presynaptic neuron to postsynaptic neurons up to and including this one.',
  },
];

const functionsByName = new Map(languageFunctions.map((each) => [each.name, each]));
const reductionsByName = new Map(reductions.map((each) => [each.name, each]));

export function functionNamed(name: string): LanguageFunction | undefined {
  return functionsByName.get(name);
}

export function reductionNamed(name: string): Reduction | undefined {
  return reductionsByName.get(name);
}

/** Names of all functions and sums. */
export const functionNames: readonly string[] = [
  ...functionsByName.keys(),
  ...reductionsByName.keys(),
];
