/** The bytes of an IDX file of unsigned bytes. */
export function idxBytes(sizes: readonly number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header[2] = 0x08;
  header[3] = sizes.length;
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, Buffer.from(Array.from(values))]);
}

/** `count` images of 4 × 6 pixels with labels 0, 1, 2, 0, 1, 2 … */
export function smallImages(count: number): { images: Buffer; labels: Buffer } {
  const pixels = Array.from({ length: count * 24 }, (_, i) => (i * 7) % 256);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  return { images: idxBytes([count, 4, 6], pixels), labels: idxBytes([count], labels) };
}
