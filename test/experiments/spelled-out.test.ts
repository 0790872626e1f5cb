import { describe, expect, it } from 'vitest';
import { experimentShape } from '../../src/experiments/schema.js';
import { spelledOut } from '../../src/experiments/spelled-out.js';

const read = (circuit: object, task: object) =>
  experimentShape.parse({ rules: { forward: 'oja' }, circuit, task, seed: 1 });

describe('a configuration with everything spelled out', () => {
  it('has what follows from the task, and the defaults of the circuit', () => {
    const given = read({ name: 'layer', outputs: 3 }, { name: 'gaussian', eigenvalues: [3, 1] });
    expect(given.circuit).toEqual({ name: 'layer', outputs: 3 });
    const spelled = spelledOut(given);
    expect(spelled.circuit).toMatchObject({
      name: 'layer',
      outputs: 3,
      inputs: 2,
      activation: 'linear',
      density: 1,
      dt: 0,
    });
    expect({ ...spelled, circuit: given.circuit }).toEqual(given);
    // It is read again when a run is resumed, and says the same.
    const again = experimentShape.parse(JSON.parse(JSON.stringify(spelled)));
    expect(spelledOut(again)).toEqual(again);
    expect(again).toEqual(spelled);
  });

  it('is the same where the shape of the file has all defaults, or nothing is known', () => {
    const digits = read({ name: 'feed-forward' }, { name: 'digits' });
    expect(spelledOut(digits)).toBe(digits);
    const declared = { circuit: 'mine', task: 'of my own' };
    expect(spelledOut(declared)).toBe(declared);
  });
});
