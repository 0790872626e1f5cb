import type { Stream } from '../../../src/base/random.js';
import { assembleProgram, type Lookup } from '../../../src/program/assemble.js';
import type { GraphBuilder } from '../../../src/program/builder.js';
import type { Node, Program, Shape, Slot } from '../../../src/program/ir.js';

/**
 * A program of random operations: two matrices and a row as states, one matrix that is fixed, a row
 * that arrives in every step, three parameters. Every operation of the representation may occur, and
 * values are kept small enough that single precision says something.
 */
export function randomProgram(stream: Stream): Program {
  const rows = 2 + stream.integer(4);
  const columns = 2 + stream.integer(5);
  const states: Slot[] = [
    { name: 'A', shape: [rows, columns] },
    { name: 'C', shape: [rows, columns] },
    { name: 'v', shape: [1, columns] },
  ];
  const program = (name: string, inputs: readonly Slot[], child: Stream) => {
    return (b: GraphBuilder, value: Lookup): Node[] => {
      const known = [...inputs, ...states].map((slot) => value(slot.name));
      for (const parameter of PARAMETERS) known.push(value(parameter));
      known.push(value('K'));
      const draws = child.child(name);
      for (let i = 0; i < 14; i++) known.push(tame(b, randomNode(b, known, draws)));
      return known;
    };
  };
  const inStep = program('step', [{ name: 'x', shape: [1, columns] }], stream.child('step'));
  const inReadout = program(
    'readout',
    [{ name: 'q', shape: [rows, columns] }],
    stream.child('out'),
  );
  return assembleProgram({
    name: `random ${stream.path.join(' ')}`,
    parameters: PARAMETERS,
    states,
    constants: [{ name: 'K', shape: [rows, columns] }],
    stepInputs: [{ name: 'x', shape: [1, columns] }],
    queryInputs: [{ name: 'q', shape: [rows, columns] }],
    step: (b, value) => {
      const known = inStep(b, value);
      return states.map(({ name, shape }, i) => {
        const change = fitted(b, known, shape, i);
        const scaled = b.multiply(value(PARAMETERS[i]!), change);
        const old = b.multiply(b.constant(0.9), value(name));
        return { name, node: b.unary('tanh', b.add(old, scaled)) };
      });
    },
    readout: (b, value) => {
      const known = inReadout(b, value);
      const seen = states.map(({ name }) => b.multiply(value(name), value(name)));
      const parts = [...known.slice(-3), ...seen];
      const total = parts.map((node) => b.sum(b.sum(node, 'rows'), 'columns'));
      return [
        { name: 'loss', node: b.add(b.total(total)!, b.constant(1)) },
        { name: 'seen', node: known.at(-1)! },
      ];
    },
  });
}

const PARAMETERS = ['p', 'q1', 'q2'];

/** Into (−2, 2), smoothly. */
function tame(b: GraphBuilder, node: Node): Node {
  return b.multiply(b.constant(2), b.unary('tanh', b.multiply(b.constant(0.5), node)));
}

/** The latest nodes that can be stretched to a shape, one of them. */
function fitted(b: GraphBuilder, known: readonly Node[], shape: Shape, skip: number): Node {
  const fits = known.filter(
    ({ shape: [m, n] }) => [1, shape[0]].includes(m) && [1, shape[1]].includes(n),
  );
  return b.broadcast(fits[Math.max(0, fits.length - 1 - skip)]!, shape);
}

function randomNode(b: GraphBuilder, known: readonly Node[], stream: Stream): Node {
  const pick = <T>(items: readonly T[]): T => items[stream.integer(items.length)]!;
  const [x, y] = [pick(known), pick(known)];
  // Away from kinks, poles and branches.
  const positive = (node: Node): Node => b.add(b.unary('softplus', node), b.constant(0.5));
  const axis = pick(['rows', 'columns'] as const);
  switch (stream.integer(13)) {
    case 0:
      return b.unary(
        pick(['negate', 'exp', 'tanh', 'sigmoid', 'softplus', 'abs', 'relu'] as const),
        x,
      );
    case 1:
      return b.unary(pick(['log', 'sqrt', 'reciprocal'] as const), positive(x));
    case 2:
      return b.multiply(b.unary(pick(['sign', 'step'] as const), x), y.shape === x.shape ? y : x);
    case 3:
    case 4: {
      const [m, n] = [x, y].map((node) => node.shape) as [Shape, Shape];
      const side = (i: 0 | 1): boolean => m[i] === n[i] || m[i] === 1 || n[i] === 1;
      if (!side(0) || !side(1)) return b.unary('tanh', x);
      const fn = pick([
        'add',
        'subtract',
        'multiply',
        'divide',
        'power',
        'minimum',
        'maximum',
      ] as const);
      if (fn === 'divide' || fn === 'power') return b.binary(fn, positive(x), positive(y));
      // The smaller of a thing and itself is nothing but a kink.
      const isKink = x === y && (fn === 'minimum' || fn === 'maximum');
      return isKink ? b.unary('tanh', x) : b.binary(fn, x, y);
    }
    case 5:
    case 6: {
      for (const flipA of [false, true]) {
        for (const flipB of [false, true]) {
          if (x.shape[flipA ? 0 : 1] === y.shape[flipB ? 1 : 0])
            return b.matmul(x, y, flipA, flipB);
        }
      }
      return b.transpose(x);
    }
    case 7:
      return b.sum(x, axis);
    case 8:
      return b.max(x, axis);
    case 9:
      return b.cumsum(x, stream.uniform() < 0.5);
    case 10:
      return stream.uniform() < 0.5 ? b.softmax(x) : b.logsumexp(x);
    case 11: {
      const whole = (node: Node): Node => b.sum(b.sum(node, 'rows'), 'columns');
      const fits = ([0, 1] as const).every((i) => [1, y.shape[i]].includes(x.shape[i]));
      const mask = b.unary(pick(['step', 'sign'] as const), fits ? x : whole(x));
      return b.select(mask, y, b.unary('tanh', whole(y)));
    }
    default: {
      const same = known.filter(({ shape }) => shape[1] === x.shape[1]);
      const stacked = b.concat([x, pick(same)]);
      const start = stream.integer(stacked.shape[0]);
      return b.slice(stacked, start, 1 + stream.integer(stacked.shape[0] - start));
    }
  }
}
