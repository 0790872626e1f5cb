import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tf } from './backends.js';
import { type Tactics, tacticsOf } from './tactics.js';

/** A tensor `[tasks, rows, columns]`. */
export type Batched = Tensor;

/** What operations need beside their operands: the library, the backend's ways, constant tensors. */
export class Kit {
  readonly tf: Tf;
  readonly tactics: Tactics;
  private readonly constants = new Map<string, Batched>();

  constructor(tf: Tf, backend: string) {
    this.tf = tf;
    this.tactics = tacticsOf(backend);
  }

  /** A tensor full of one number; made once and kept, so never to be disposed by who asks. */
  filled(value: number, batch: number, rows: number, columns: number): Batched {
    const key = `${value}:${batch}:${rows}:${columns}`;
    const had = this.constants.get(key);
    if (had) return had;
    const values = new Float32Array(batch * rows * columns).fill(value);
    const made = this.tf.keep(this.tf.tensor3d(values, [batch, rows, columns]));
    this.constants.set(key, made);
    return made;
  }

  dispose(): void {
    for (const tensor of this.constants.values()) tensor.dispose();
    this.constants.clear();
  }
}
