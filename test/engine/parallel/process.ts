// A process that uses threads: `quick` runs an episode, `listening` and `deaf` are interrupted in one.

import { EngrammarError } from '../../../src/base/result.js';
import { parallelEngine } from '../../../src/engine/parallel/engine.js';
import { golden, goldenEpisode } from '../../support/golden.js';
import { POOL, programOf } from '../../support/program.js';

const how = process.argv[2];
const stop = new AbortController();
const program = programOf(POOL, golden.dims, golden.XQ.length, 'random', golden.beta);
const engine = parallelEngine({
  engine: { name: 'interpret' },
  workers: 1,
  signal: stop.signal,
});
const runner = await engine.prepare(program);
const episode = goldenEpisode(golden.cases.find(({ feedback }) => feedback === 'fix')!);
const parameters = program.parameters.map(() => 1e-4);

if (how === 'quick') {
  await runner.run([episode], parameters, { gradient: true });
  console.log('done');
} else {
  if (how === 'listening') process.once('SIGINT', () => stop.abort());
  const steps = 300_000;
  const stepInputs = Object.fromEntries(
    program.stepInputs.map(({ name, shape }) => [
      name,
      new Float64Array(steps * shape[0] * shape[1]),
    ]),
  );
  const long = { ...episode, steps, stepInputs };
  setTimeout(() => console.log('working'), 300);
  try {
    await runner.run([long, long, long], parameters, { gradient: true });
  } catch (error) {
    if (!(error instanceof EngrammarError)) throw error;
    console.log(error.diagnostics[0]!.code);
    // By itself the process would end here too; the code shows that it came this far.
    process.exitCode = 7;
  }
}
