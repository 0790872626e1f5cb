import { clamped } from '../behaviours/clopath.js';
import { at, type Draw } from './picture.js';

const VOLTAGES = Array.from({ length: 101 }, (_, k) => -80 + 0.45 * k);

export const picture: Draw = async (rule) => ({
  title: 'One presynaptic spike at a constant postsynaptic voltage',
  x: { label: 'voltage (mV)' },
  y: { label: 'change of weight' },
  series: [{ name: '', points: at(VOLTAGES, (await clamped(rule, VOLTAGES)).changes) }],
});
