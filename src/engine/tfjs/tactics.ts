/**
 * How the same operation is done fastest on a backend. Each flag stands for a factor of 5 to 100
 * measured on matrices of layer size; results are the same up to rounding.
 */
export interface Tactics {
  /** Elementwise kernels are slow unless shapes are equal: stretch by a product with ones first. */
  readonly stretchFirst: boolean;
  /** Sums over rows transpose first: multiply with a row of ones instead. */
  readonly sumByProduct: boolean;
  /** Products with few inner terms are fastest as a sum of elementwise outer products. */
  readonly outerByBroadcast: boolean;
  /** For a single task, products are fastest with the vector as a column on the right. */
  readonly vectorOnTheRight: boolean;
  /** Minimum, maximum and power may lose a NaN that comes in. */
  readonly losesNaN: boolean;
  /** Elements of the largest state, all tasks of a batch together, up to which more tasks at once pay. */
  readonly batchElements: number;
  /** Bytes beyond which the backend breaks down, with room for what it holds besides. */
  readonly memoryLimit: number;
}

export function tacticsOf(backend: string): Tactics {
  return {
    stretchFirst: backend === 'cpu',
    sumByProduct: backend === 'cpu',
    outerByBroadcast: backend === 'wasm',
    vectorOnTheRight: backend === 'wasm',
    losesNaN: backend !== 'cpu',
    batchElements: backend === 'cpu' ? 2 ** 16 : 2 ** 20,
    memoryLimit: backend === 'wasm' ? 3 * 2 ** 30 : Number.POSITIVE_INFINITY,
  };
}
