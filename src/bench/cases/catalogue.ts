import { Stream } from '../../base/random.js';
import { EngrammarError, unwrap } from '../../base/result.js';
import { type Loaded, loadFile } from '../../catalogue/load.js';
import { catalogueFiles } from '../../catalogue/shelves.js';
import { LAYER_OFFERS } from '../../circuits/layer.js';
import { CIRCUITS } from '../../circuits/registry.js';
import type { Arrays } from '../../engine/engine.js';
import type { Rule } from '../../language/ast.js';
import { checkRule } from '../../language/check.js';
import type { CheckedRule } from '../../language/checked.js';
import type { Circuit, Timeline } from '../../program/circuit.js';
import type { Program, Slot } from '../../program/ir.js';
import { prepareRule, type RuleForCircuit } from '../../program/rule.js';
import { scheduleInputs, stepsOf } from '../../program/schedule.js';
import { startOf } from '../../program/start.js';
import { weave } from '../../program/weave.js';
import type { BenchCase } from './case.js';

/** A circuit of a size at which it is used. */
interface Stage {
  readonly circuit: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

const DEEP = { sizes: [196, 48, 36, 28, 20, 10], queries: 50 };
const LAYER = { inputs: 196, outputs: 48, activation: 'sigmoid', queries: 50 };
const SPIKING = { neurons: 50, excitatory: 100, inhibitory: 25 };

/** A rule stands on the first of these that offers all it reads: from the plainest to the fullest. */
const STAGES: readonly Stage[] = [
  { circuit: 'layer', settings: LAYER },
  { circuit: 'feed-forward', settings: DEEP },
  { circuit: 'feed-forward', settings: { ...DEEP, feedback: 'plastic' } },
  { circuit: 'layer', settings: { ...LAYER, offers: LAYER_OFFERS } },
  { circuit: 'relaxing', settings: { inputs: 20, hidden: 40, outputs: 10 } },
  { circuit: 'recurrent', settings: { inputs: 20, neurons: 100, outputs: 5 } },
  { circuit: 'predictive-coding', settings: { inputs: 196, hidden: [48, 20], outputs: 10 } },
  { circuit: 'perturbed', settings: { inputs: 196, outputs: 48, perturbs: 'weights' } },
  { circuit: 'perturbed', settings: { inputs: 196, outputs: 48 } },
  { circuit: 'spiking', settings: SPIKING },
  { circuit: 'recurrent-spiking', settings: { inputs: 40, neurons: 100, adaptive: 50 } },
  { circuit: 'layer', settings: { ...LAYER, offers: LAYER_OFFERS, dt: 20 } },
  // A delay of 13.7 ms is a whole number of these.
  { circuit: 'spiking', settings: { ...SPIKING, dt: 0.1 } },
  {
    circuit: 'replay',
    settings: {
      preSize: 196,
      postSize: 48,
      signals: ['w', 'pre', 'pre.input', 'post', 'post.input', 'reward', 'post.spike', 'pre.spike'],
      dt: 1,
      wanted: true,
    },
  },
];

/** Two trials with all phases: the slowest engines take seconds even so. */
const TIMELINE: Timeline = {
  trials: Array.from({ length: 2 }, () => ({
    steps: 50,
    phases: ['free', 'clamped', 'nudged', 'opposed'].map((name) => ({ name, steps: 12 })),
  })),
};
const SEED = 1;

/** The rules of the catalogue, in its order. */
export function catalogueRules(): Loaded<Rule>[] {
  const files = catalogueFiles().filter(({ kind }) => kind === 'rule');
  return files.flatMap(({ path }) => {
    const { items, source } = unwrap(loadFile(path));
    return items.flatMap((item) => (item.kind === 'rule' ? [{ item, source }] : []));
  });
}

/**
 * A rule with the derivative by all its numbers, on a circuit that offers what it reads, on all
 * projections that it is for; 100 steps of random input. Null for a rule that stands on none of the circuits.
 */
export function catalogueCase({ item, source }: Loaded<Rule>): BenchCase | null {
  return firstOf(STAGES, ({ circuit: name, settings }) => {
    const kind = CIRCUITS.find((each) => each.name === name)!;
    const circuit = unwrap(kind.make(settings));
    const checked = (projection: string): CheckedRule | null => {
      if (item.targets.length > 0 && !item.targets.includes(projection)) return null;
      const result = checkRule(item, source, circuit.tables[projection]!);
      return result.ok ? result.value : null;
    };
    return onCircuit(item.name, circuit, checked);
  });
}

function firstOf<A, B>(all: readonly A[], make: (each: A) => B | null): B | null {
  for (const each of all) {
    const made = make(each);
    if (made !== null) return made;
  }
  return null;
}

function onCircuit(
  rule: string,
  circuit: Circuit,
  checked: (projection: string) => CheckedRule | null,
): BenchCase | null {
  const attached: Record<string, RuleForCircuit> = {};
  let prepared: RuleForCircuit | null = null;
  for (const kind of new Set(circuit.projections.map((each) => each.kind))) {
    const fitting = checked(kind);
    if (!fitting) continue;
    // On several kinds of projection it is one rule.
    prepared ??= allSearched(prepareRule(fitting));
    attached[kind] = prepared;
  }
  if (!prepared) return null;
  try {
    return caseOf(`${rule} on ${circuit.name}`, circuit, weave(circuit, attached));
  } catch (error) {
    // Times that do not fit the circuit's steps: seen only when it is woven.
    if (error instanceof EngrammarError) return null;
    throw error;
  }
}

/** As if every number of the rule were marked `fit`. */
function allSearched(rule: RuleForCircuit): RuleForCircuit {
  return { ...rule, searched: [...rule.parameters.keys()] };
}

function caseOf(name: string, circuit: Circuit, program: Program): BenchCase {
  const stream = new Stream(SEED, 'bench', name);
  const steps = stepsOf(TIMELINE);
  const own = circuit.stepInputs;
  return {
    name,
    program,
    parameters: program.parameters.map((parameter) => numberOf(program, parameter)),
    episode: {
      start: startOf(program, circuit.draw(stream)),
      steps,
      stepInputs: {
        ...filled(own, steps, stream),
        ...scheduleInputs(program, TIMELINE, { chance: stream.child('draws') }),
      },
      queryInputs: filled(program.queryInputs, 1, stream),
    },
  };
}

function numberOf({ initial }: Program, parameter: string): number {
  const value = initial[parameter] ?? 0;
  return typeof value === 'number' ? value : value[0]!;
}

/** Share of the steps in which a neuron spikes or has a plateau potential. */
const RATE = 0.03;

/** Random values, by what a slot is called: spikes, classes, or rows of length 1 or so. */
function filled(slots: readonly Slot[], times: number, stream: Stream): Arrays {
  return Object.fromEntries(
    slots.map(({ name, shape: [rows, columns] }) => {
      const own = stream.child('input', name);
      const values = new Float64Array(times * rows * columns);
      if (/target/.test(name)) {
        for (let row = 0; row < times * rows; row++) {
          values[row * columns + Math.floor(own.uniform() * columns)] = 1;
        }
      } else if (/spike|plateau/.test(name)) {
        values.forEach((_, k) => {
          values[k] = own.uniform() < RATE ? 1 : 0;
        });
      } else {
        const bound = Math.sqrt(3 / columns);
        values.forEach((_, k) => {
          values[k] = own.uniform(-bound, bound);
        });
      }
      return [name, values];
    }),
  );
}
