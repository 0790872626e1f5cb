import type { Node } from '../../../program/ir.js';
import type { Formulas } from '../../../program/plan/formulas.js';
import type { Kernel, KernelPlan } from '../../../program/plan/kernels.js';
import { copyLines, formulasOf, kernelLines } from '../../../program/plan/print-kernels.js';
import { rootOf } from './places.js';

/** What the code of a plan says for people: nodes have the names that they have where the plan is printed. */
export class Names {
  private readonly plan: KernelPlan;
  private made: Formulas | undefined;

  constructor(plan: KernelPlan) {
    this.plan = plan;
  }

  /** Made when somebody reads the code: most is only run. */
  private get formulas(): Formulas {
    this.made ??= formulasOf(this.plan);
    return this.made;
  }

  /** `W`, `W′`, `0.5`, `a`. */
  of(node: Node): string {
    return this.formulas.names.of(rootOf(node));
  }

  /** `W′[i,j] = W[i,j] + a[i] * x[j]`; nothing for what is part of another formula. */
  definition(node: Node): () => string {
    return () => {
      const root = rootOf(node);
      return this.formulas.names.isInlined(root) ? '' : this.formulas.line(root);
    };
  }

  /** Over what a kernel goes, and its formulas. */
  about(kernel: Kernel): () => string {
    return () => {
      const [heading = '', ...lines] = kernelLines(this.plan, kernel, this.formulas);
      return [capitalised(heading), ...lines.map((line) => `  ${line}`)].join('\n');
    };
  }

  copies(): () => string {
    return () =>
      ['Copies', ...copyLines(this.plan, this.formulas).map((line) => `  ${line}`)].join('\n');
  }
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
