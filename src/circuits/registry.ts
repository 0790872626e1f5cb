import { feedForwardKind } from './feed-forward-kind.js';
import type { CircuitKind } from './kind.js';
import { layerKind } from './layer-kind.js';
import { perturbed } from './perturbed.js';
import { predictiveCodingKind } from './predictive-coding.js';
import { recurrent } from './recurrent.js';
import { recurrentCued } from './recurrent-cued.js';
import { recurrentSpiking } from './recurrent-spiking.js';
import { relaxing } from './relaxing.js';
import { replayKind } from './replay-kind.js';
import { reservoir } from './reservoir.js';
import { simpleComplexKind } from './simple-complex.js';
import { spiking } from './spiking-layer.js';

/** Every circuit there is. */
export const CIRCUITS: readonly CircuitKind[] = [
  feedForwardKind,
  layerKind,
  predictiveCodingKind,
  perturbed,
  recurrent,
  recurrentCued,
  recurrentSpiking,
  relaxing,
  simpleComplexKind,
  reservoir,
  spiking,
  replayKind,
];
