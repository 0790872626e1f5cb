import { EngrammarError, unwrap } from '../../src/base/result.js';
import { loadFile } from '../../src/catalogue/load.js';
import { catalogueFiles } from '../../src/catalogue/shelves.js';
import { LAYER_OFFERS } from '../../src/circuits/layer.js';
import { CIRCUITS } from '../../src/circuits/registry.js';
import { checkRule } from '../../src/language/check.js';
import { wholeVocabulary } from '../../src/language/vocabulary.js';
import type { Program } from '../../src/program/ir.js';
import { prepareRule } from '../../src/program/rule.js';
import { weave } from '../../src/program/weave.js';

type Settings = Readonly<Record<string, unknown>>;

const PHASES = wholeVocabulary.phases;
const SIGNALS = wholeVocabulary.signals.map(({ name }) => name);

/** Two of each kind of circuit: one with everything, and as small as it gets. */
const SETTINGS: Readonly<Record<string, readonly [Settings, Settings]>> = {
  'feed-forward': [
    { sizes: [7, 6, 5, 9], queries: 11, bias: true, feedback: 'plastic' },
    { sizes: [3, 1], queries: 2 },
  ],
  layer: [
    { inputs: 5, outputs: 9, density: 0.7, queries: 10, offers: LAYER_OFFERS, phases: PHASES },
    { inputs: 3, outputs: 1, queries: 1, offers: LAYER_OFFERS, phases: PHASES, dt: 2 },
  ],
  'predictive-coding': [
    { inputs: 4, hidden: [7, 5], outputs: 3 },
    { inputs: 1, hidden: [1], queries: 2 },
  ],
  perturbed: [
    { inputs: 9, outputs: 5, perturbs: 'weights', spread: 1 },
    { inputs: 3, outputs: 2, reward: 'absolute' },
  ],
  recurrent: [{ inputs: 4, neurons: 9, outputs: 3 }, { neurons: 3 }],
  'recurrent-cued': [
    { cues: 2, neurons: 9, outputs: 3 },
    { cues: 2, neurons: 3, between: 'kept' },
  ],
  'recurrent-spiking': [
    { inputs: 5, neurons: 9, outputs: 3, adaptive: 4 },
    { inputs: 1, neurons: 2 },
  ],
  relaxing: [
    { inputs: 4, hidden: 5, outputs: 3 },
    { inputs: 1, hidden: 0 },
  ],
  reservoir: [
    { neurons: 9, density: 0.5, arm: [1, 2, 0.5], effort: [0.1, 0, 1], period: 4 },
    { neurons: 3, density: 1 },
  ],
  'simple-complex': [
    { inputs: 7, outputs: 6, pooled: 2, things: 2, views: 3, axes: 2 },
    { inputs: 3, outputs: 2 },
  ],
  spiking: [
    { neurons: 4, excitatory: 9, inhibitory: 3, recurrent: true, delay: 3 },
    { neurons: 1, excitatory: 3, dt: 0.1 },
  ],
  replay: [
    { preSize: 6, postSize: 5, masked: true, dt: 2, signals: SIGNALS, wanted: true },
    { preSize: 3, postSize: 1, signals: SIGNALS },
  ],
};

export interface CatalogueProgram {
  readonly rule: string;
  readonly circuit: string;
  readonly program: Program;
}

/**
 * Every rule of the catalogue on every circuit that offers all it reads (one that offers what comes with
 * a pattern, a layer that has the phases), on all its projections.
 */
export function cataloguePrograms(streams: number): CatalogueProgram[] {
  const rules = catalogueFiles()
    .filter(({ kind }) => kind === 'rule')
    .flatMap(({ path }) => {
      const { items, source } = unwrap(loadFile(path));
      return items.flatMap((item) => (item.kind === 'rule' ? [{ item, source }] : []));
    });
  return rules.flatMap(({ item, source }) =>
    CIRCUITS.flatMap((kind) =>
      [0, 1].flatMap((size) => {
        const circuit = unwrap(kind.make(SETTINGS[kind.name]![size as 0 | 1]));
        const kinds = new Set(circuit.projections.map((projection) => projection.kind));
        const kindsThatFit = [...kinds].filter(
          (name) =>
            (item.targets.length === 0 || item.targets.includes(name)) &&
            checkRule(item, source, circuit.tables[name]!).ok,
        );
        const [first] = kindsThatFit;
        if (first === undefined) return [];
        const rule = prepareRule(unwrap(checkRule(item, source, circuit.tables[first]!)));
        const attached = Object.fromEntries(kindsThatFit.map((name) => [name, rule]));
        try {
          const program = weave(circuit, attached, { streams });
          return [{ rule: item.name, circuit: `${kind.name} ${size}`, program }];
        } catch (error) {
          // Steps of a length that the rule's times do not fit.
          if (error instanceof EngrammarError) return [];
          throw error;
        }
      }),
    ),
  );
}
