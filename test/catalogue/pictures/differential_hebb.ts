import { timing } from '../behaviours/differential_hebb.js';
import { type Draw, over } from './picture.js';

export const picture: Draw = async (rule) => ({
  title: 'Change of weight by the step in which an input comes; activity is a bump around step 20',
  x: { label: 'step of the input' },
  y: { label: 'change of weight' },
  series: [{ name: '', mark: 'stems', points: over(await timing(rule)) }],
});
