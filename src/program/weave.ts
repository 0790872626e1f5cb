import { assembleProgram } from './assemble.js';
import { GraphBuilder } from './builder.js';
import { type Circuit, type CircuitNow, maskOf, shapeOf } from './circuit.js';
import { distinctResults, namesOf } from './circuit-names.js';
import type { Node, Output, Program, Slot } from './ir.js';
import { learnedWeights } from './learn.js';
import { AttachedRules, type Values } from './parameters.js';
import type { RuleForCircuit } from './rule.js';
import { Site } from './site.js';
import { Making, ofStream, Slots } from './slots.js';

export interface WeaveOptions {
  /** Copies of the circuit that run side by side and share the weights, which change by the mean. Default: 1. */
  readonly streams?: number;
  /**
   * Values of parameters other than those written in the rules, by their names in the program; for a
   * parameter `per pre`, `per post` or `per synapse` one value or all.
   */
  readonly values?: Values;
}

/**
 * A circuit with a rule on each of the kinds of projection named: the order of a step is that of the
 * language. Kinds without a rule do not learn.
 *
 * Slots: weights under the name of their projection; memory as `PROJECTION: NAME`; what a stream k ≥ 2
 * has of its own with ` (stream k)` behind it. Parameters: `P`, or `RULE.P` where there are several
 * rules or the circuit itself has a `P`, with ` of PROJECTION` where each projection has its own. Throws an `EngrammarError` for rules
 * that do not fit the circuit, and where two things have one name.
 */
export function weave(
  circuit: Circuit,
  rules: Readonly<Record<string, RuleForCircuit>>,
  options: WeaveOptions = {},
): Program {
  const { streams = 1, values } = options;
  const names = namesOf(circuit, streams);
  const attached = new AttachedRules(circuit, rules, names, values);
  const slots = new Slots();
  enterCircuit(slots, circuit, streams);
  const step = (builder: GraphBuilder): Output[] => {
    const making = new Making(builder, slots, names);
    weaveStep(making, circuit, attached, streams);
    return making.outputs();
  };
  attached.enterSearched(new Making(new GraphBuilder(), slots, names));
  // Once only to find out which memory and which schedule the rules need.
  step(new GraphBuilder());
  const learning = attached.rules.map(({ name }) => name).join(' + ');
  return assembleProgram({
    ...slots,
    name: learning === '' ? circuit.name : `${learning} on ${circuit.name}`,
    queryInputs: circuit.queryInputs,
    step,
    readout: (builder, value) => {
      const results = circuit.readout(builder, {
        streams,
        value: (name, stream = 0) =>
          value(circuit.states.some((slot) => slot.name === name) ? ofStream(name, stream) : name),
        weight: value,
      });
      distinctResults(circuit, results);
      return results;
    },
  });
}

/** What a program has whatever the rules are, in the circuit's order. */
function enterCircuit(slots: Slots, circuit: Circuit, streams: number): void {
  for (const projection of circuit.projections) {
    const { name, isCopy } = projection;
    slots.states.push({ name, shape: shapeOf('synapse', projection) });
    if (isCopy) slots.discrete.push(name);
  }
  slots.constants.push(...circuit.constants);
  for (const projection of circuit.projections) {
    if (!projection.masked) continue;
    const name = maskOf(projection.name);
    slots.constants.push({ name, shape: shapeOf('synapse', projection) });
    slots.startAt(name, 1);
  }
  const inStream =
    (stream: number) =>
    ({ name, shape }: Slot): Slot => ({ name: ofStream(name, stream), shape });
  for (let stream = 0; stream < streams; stream++) {
    slots.states.push(...circuit.states.map(inStream(stream)));
    slots.stepInputs.push(...circuit.stepInputs.map(inStream(stream)));
  }
}

/** The order of a step: fading, circuit, memory, changes, bounds. */
function weaveStep(
  making: Making,
  circuit: Circuit,
  attached: AttachedRules,
  streams: number,
): void {
  const sitesOfStreams = Array.from({ length: streams }, (_, stream) =>
    runStream(making, circuit, attached, stream),
  );
  for (const sites of sitesOfStreams) for (const site of sites) site.takeIn();
  circuit.projections.forEach((projection, index) => {
    const rule = attached.ruleOf(projection);
    if (!rule) {
      making.next(projection.name, sitesOfStreams[0]![index]!.weight);
      return;
    }
    const [first, ...others] = sitesOfStreams.map((each) => each[index]!);
    const sites = [first!, ...others] as const;
    const { stepLength, still = [] } = circuit;
    const { form } = rule;
    making.next(projection.name, learnedWeights({ making, sites, form, stepLength, still }));
  });
}

/** The circuit's own step in one stream; gives its projections with their signals. */
function runStream(
  making: Making,
  circuit: Circuit,
  attached: AttachedRules,
  stream: number,
): Site[] {
  const sites = circuit.projections.map(
    (projection) => new Site(projection, stream, circuit, attached, making),
  );
  const own = [...circuit.states, ...circuit.stepInputs].map(({ name }) => name);
  const shapes = new Map(
    [...circuit.states, ...circuit.constants, ...circuit.stepInputs].map((slot) => [
      slot.name,
      slot.shape,
    ]),
  );
  const now: CircuitNow = {
    value: (name): Node => {
      const shape = shapes.get(name);
      if (!shape) throw new RangeError(`${circuit.name} has no ${name}`);
      return making.builder.input(own.includes(name) ? ofStream(name, stream) : name, shape);
    },
    weight: (name): Node => {
      const site = sites.find(({ projection }) => projection.name === name);
      if (!site) throw new RangeError(`${circuit.name} has no projection ${name}`);
      return site.sent();
    },
    during: (phase) => making.during(phase),
    at: (event) => making.at(event),
  };
  const step = circuit.step(making.builder, now);
  const next = new Map(step.states.map(({ name, node }) => [name, node]));
  for (const { name } of circuit.states) {
    const node = next.get(name);
    if (!node) throw new RangeError(`${circuit.name} does not say what ${name} becomes`);
    making.next(ofStream(name, stream), node);
  }
  for (const { name, node } of step.observed ?? []) making.observe(ofStream(name, stream), node);
  for (const site of sites) site.connect(step);
  return sites;
}
