import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { unknownInput } from '../../base/diagnostics/circuit.js';
import { noSecondDerivative, notAtOnce, wrongLength } from '../../base/diagnostics/engine.js';
import { noSuchParameter } from '../../base/diagnostics/program.js';
import { EngrammarError } from '../../base/result.js';
import { maskOf } from '../../program/circuit.js';
import type { Program } from '../../program/ir.js';
import { startOf } from '../../program/start.js';
import type { Arrays, EpisodeResult, Runner } from '../engine.js';
import type { Tf } from './backends.js';

/** Tensors, or numbers that never change, by slot name. */
type Values = Readonly<Record<string, Tensor | Float64Array>>;

/** One task as an engine takes it (`Episode`), in tensors of any shape with the right count of numbers. */
export interface EpisodeTensors {
  /** All in the program's order, or some by name; what is left out is as written in the rules. */
  readonly parameters?: Tensor | Float64Array | Values;
  /** States and constants. What is left out starts as the program says, or at 0. */
  readonly start: Values;
  readonly steps: number;
  /** `steps × rows × columns`. */
  readonly stepInputs: Values;
  readonly queryInputs: Values;
}

/** The loss of an episode. Throws an `EngrammarError` where something does not fit the program. */
export type EpisodeOperation = (given: EpisodeTensors) => Scalar;

/**
 * Whole episodes of a program as one differentiable operation of TensorFlow.js: learning for `steps`
 * steps, then the loss of the read-out. Its derivatives by parameters and starting states are the exact
 * ones of the engine that runs it. The loss of an episode that diverged is NaN, as are its derivatives.
 *
 * The engine works beside the backend: what is given is copied to it, the loss and the derivatives back,
 * and nothing in between. Engines that compute at once (`interpret`, `fused`) can do this; with the runner of
 * another an `EngrammarError` (E710) is thrown; so it is where a second derivative is asked for (E711).
 */
export function episodeOperation(tf: Tf, runner: Runner): EpisodeOperation {
  const { program } = runner;
  const runNow = runner.runNow?.bind(runner);
  if (!runNow) throw new EngrammarError(notAtOnce({ program: program.name }));

  const run = (given: EpisodeTensors, gradient: boolean): EpisodeResult => {
    const episode = {
      start: startOf(program, numbersOf(given.start)),
      steps: given.steps,
      stepInputs: numbersOf(given.stepInputs),
      queryInputs: numbersOf(given.queryInputs),
    };
    const options = { gradient, startGradient: gradient };
    return runNow([episode], parametersOf(program, given), options)[0]!;
  };

  /** dy times the numbers; says so where somebody wants the derivative of that. */
  const scaled = (dy: Tensor, { tensor }: Variable, numbers: Float64Array): Tensor =>
    tf.customGrad(() => ({
      value: tf.mul(dy, tf.tensor(Float32Array.from(numbers), tensor.shape)),
      gradFunc: () => {
        throw new EngrammarError(noSecondDerivative({ program: program.name }));
      },
    }))(dy, tensor);

  return (given) => {
    refuseUnknown(program, given);
    const variables = variablesOf(program, given);
    // Known only here: the inside of an operation is on no tape.
    const gradient = tf.engine().isTapeOn();
    const operation = tf.customGrad<Scalar>(() => {
      const result = run(given, gradient);
      const gradFunc = (dy: Tensor): Tensor[] =>
        variables.map((variable) => scaled(dy, variable, variable.derivative(result)));
      return { value: tf.scalar(result.loss), gradFunc };
    });
    return operation(...variables.map(({ tensor }) => tensor));
  };
}

/** A tensor by which the loss has a derivative, and where that stands in a result. */
interface Variable {
  readonly tensor: Tensor;
  readonly derivative: (result: EpisodeResult) => Float64Array;
}

function variablesOf(program: Program, { parameters = {}, start }: EpisodeTensors): Variable[] {
  const gradient = (result: EpisodeResult): Float64Array =>
    result.gradient ?? new Float64Array(program.parameters.length).fill(Number.NaN);
  const byParameters = isTensor(parameters)
    ? [{ tensor: parameters, derivative: gradient }]
    : Object.entries(byName(parameters)).flatMap(([name, tensor]) => {
        const k = program.parameters.indexOf(name);
        const derivative = (result: EpisodeResult) => gradient(result).subarray(k, k + 1);
        return isTensor(tensor) ? [{ tensor, derivative }] : [];
      });
  const byStates = program.states.flatMap(({ name }) => {
    const tensor = start[name];
    if (!isTensor(tensor)) return [];
    const mask = start[maskOf(name)];
    const exists = mask && numbers(mask);
    const derivative = ({ startGradient }: EpisodeResult): Float64Array => {
      const all = startGradient?.[name] ?? new Float64Array(tensor.size).fill(Number.NaN);
      // Where there is no synapse it starts at 0, whatever is given.
      return exists ? all.map((each, k) => (exists[k] === 0 ? 0 : each)) : all;
    };
    return [{ tensor, derivative }];
  });
  return [...byParameters, ...byStates];
}

function parametersOf(program: Program, { parameters = {} }: EpisodeTensors): Float64Array {
  if (isList(parameters)) return numbers(parameters);
  return Float64Array.from(program.parameters, (name) => {
    const given = Object.hasOwn(parameters, name) ? numbers(parameters[name]!) : null;
    if (given && given.length !== 1) {
      const facts = { what: `the parameter ${name}`, expected: 1, given: given.length };
      throw new EngrammarError(wrongLength({ program: program.name, ...facts }));
    }
    const value = given ?? program.initial[name] ?? 0;
    return typeof value === 'number' ? value : value[0]!;
  });
}

function refuseUnknown(program: Program, { parameters = {}, start }: EpisodeTensors): void {
  const searched = program.parameters;
  const name = Object.keys(byName(parameters)).find((each) => !searched.includes(each));
  if (name !== undefined) throw new EngrammarError(noSuchParameter({ name, known: searched }));
  const known = [...program.states, ...program.constants].map((slot) => slot.name);
  const given = Object.keys(start).find((each) => !known.includes(each));
  if (given === undefined) return;
  throw new EngrammarError(unknownInput({ circuit: program.name, what: 'start', given, known }));
}

type ParameterValues = NonNullable<EpisodeTensors['parameters']>;

/** Whether it is all of them, in order. */
const isList = (parameters: ParameterValues): parameters is Tensor | Float64Array =>
  parameters instanceof Float64Array || isTensor(parameters);

const byName = (parameters: ParameterValues): Values => (isList(parameters) ? {} : parameters);

const isTensor = (value: object | undefined): value is Tensor =>
  value !== undefined && 'dataSync' in value;

function numbers(value: Tensor | Float64Array): Float64Array {
  return isTensor(value) ? Float64Array.from(value.dataSync()) : value;
}

function numbersOf(values: Values): Arrays {
  return Object.fromEntries(Object.entries(values).map(([name, each]) => [name, numbers(each)]));
}
