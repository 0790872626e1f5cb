import { zipSync } from 'fflate';

/** An array as NumPy saves it: its type, its shape as Python writes it, its bytes. */
export function npy(descr: string, shape: string, data: Uint8Array, isFortran = false): Uint8Array {
  const order = isFortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const header = text.padEnd(118 - 1);
  const head = Buffer.from(`\x93NUMPY\x01\x00${'\0\0'}${header}\n`, 'latin1');
  head.writeUInt16LE(header.length + 1, 8);
  return Buffer.concat([head, data]);
}

export const bytesOf = (values: { readonly buffer: ArrayBufferLike }): Uint8Array =>
  new Uint8Array(values.buffer as ArrayBuffer);

/** An archive of arrays of numbers. */
export function npz(
  arrays: Readonly<Record<string, readonly [shape: readonly number[], values: Float64Array]>>,
): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(arrays).map(([name, [shape, values]]) => [
        `${name}.npy`,
        npy('<f8', `(${shape.join(', ')},)`, bytesOf(values)),
      ]),
    ),
  );
}
