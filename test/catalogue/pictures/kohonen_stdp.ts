import { byRate } from '../behaviours/kohonen_stdp.js';
import { at, type Draw } from './picture.js';

export const picture: Draw = async (rule) => {
  const { rates, weights, dt, value } = await byRate(rule);
  const q = Math.exp(-dt / value('tau'));
  const slope = (value('beta') * ((dt * q) / (1 - q))) / (1000 * Math.sqrt(rates.length));
  return {
    title:
      'Independent random spikes: the weight follows the presynaptic rate, as the mean of the equation does',
    x: { label: 'presynaptic rate (Hz)' },
    y: { label: 'weight' },
    series: [
      { name: 'simulated', mark: 'dots', points: at(rates, weights) },
      { name: 'βτr/√N', points: rates.map((rate) => [rate, slope * rate]) },
    ],
  };
};
