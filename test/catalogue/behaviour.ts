import type { CheckedRule } from '../../src/language/checked.js';
import type { SignalTable } from '../../src/language/signals.js';

/**
 * What a rule of the catalogue is known to do, borne out by simulation. A behaviour is written once and
 * used three times: as the rule's test, against mutations of the rule (which must fail it), and for the
 * figure beside the rule in the documentation.
 */
export interface Behaviour {
  /** The rule's name in the catalogue. */
  readonly rule: string;
  readonly claims: readonly Claim[];
  /** Mutations that no claim can tell from the rule, each with the reason why that is so. */
  readonly indistinguishable?: readonly { readonly mutation: string; readonly because: string }[];
}

export interface Claim {
  /** In words, with the setting: "‖w‖ goes to 1 within 4,000 samples of anisotropic Gaussian input". */
  readonly says: string;
  /**
   * Simulates and measures the rule, which may be a mutation of the one that was named. `companion`
   * gives other rules of the catalogue that work beside it (the feedback's, the read-out's), checked
   * against the table. The same figures for the same rule, whenever it is called.
   */
  measure(
    rule: (table: SignalTable) => CheckedRule,
    companion: (name: string, table: SignalTable) => CheckedRule,
  ): Promise<readonly Figure[]>;
}

/** A measured number and where it must lie, ends included. A number that is not finite lies nowhere. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly within: readonly [low: number, high: number];
}

export const holds = ({ value, within: [low, high] }: Figure): boolean =>
  value >= low && value <= high;
