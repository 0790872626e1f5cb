import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import {
  idxBadGzip,
  idxBadMagic,
  idxCountMismatch,
  idxEmpty,
  idxTooLarge,
  idxTooLong,
  idxTruncated,
  idxWrongDimensions,
  idxWrongType,
} from '../base/diagnostics/data.js';
import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { readBytes } from '../base/files.js';
import { failure, type Result, success } from '../base/result.js';
import type { ImageSet } from './types.js';

/** Pixels become 4-byte floats, so this is one gigabyte. */
const MOST_PIXELS = 2 ** 28;
const LARGEST_FILE = MOST_PIXELS + 2 ** 20;
/** No deflate stream can be longer than this many times its packed size (RFC 1951). */
const MOST_PACKED = 1040;

type Role = 'images' | 'labels';
const DIMENSIONS: Readonly<Record<Role, readonly string[]>> = {
  images: ['images', 'rows', 'columns'],
  labels: ['labels'],
};

interface Idx {
  readonly sizes: readonly number[];
  readonly values: Uint8Array;
}

/**
 * A set of images and labels from two IDX files, gzipped or not (MNIST, EMNIST, Fashion-MNIST …).
 * Pixels 0 … 255 become 0 … 1; classes are 0 … the greatest label. Images are taken as they lie in
 * the file: EMNIST stores them transposed, which no fully connected circuit can tell.
 */
export function loadIdx(imagesPath: string, labelsPath: string): Result<ImageSet> {
  const images = readIdx(imagesPath, 'images');
  const labels = readIdx(labelsPath, 'labels');
  if (!images.ok || !labels.ok) {
    return failure(
      ...(images.ok ? [] : images.diagnostics),
      ...(labels.ok ? [] : labels.diagnostics),
    );
  }
  const [count, height, width] = images.value.sizes as [number, number, number];
  const labelCount = labels.value.sizes[0]!;
  if (labelCount !== count) {
    return failure(
      idxCountMismatch({ images: imagesPath, imageCount: count, labels: labelsPath, labelCount }),
    );
  }
  const { values } = images.value;
  const pixels = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) pixels[i] = values[i]! / 255;
  let classes = 0;
  for (const label of labels.value.values) classes = Math.max(classes, label + 1);
  return success({
    name: basename(imagesPath),
    height,
    width,
    classes,
    pixels,
    labels: Uint16Array.from(labels.value.values),
  });
}

function readIdx(path: string, role: Role): Result<Idx> {
  const file = readBytes(path, LARGEST_FILE);
  if (!file.ok) return file;
  const packed = file.value[0] === 0x1f && file.value[1] === 0x8b;
  const head = packed ? unpackHead(path, file.value) : file;
  if (!head.ok) return head;
  const header = readHeader(path, role, head.value);
  if (!header.ok) return header;
  const { sizes, start, total } = header.value;
  if (packed && total > file.value.length * MOST_PACKED) {
    return failure(
      idxBadGzip({ path, reason: `its header announces ${total} bytes, more than it can hold` }),
    );
  }
  const bytes = packed ? unpack(path, file.value, total) : success(file.value);
  if (!bytes.ok) return bytes;
  const { length } = bytes.value;
  if (length < total) return failure(idxTruncated({ path, offset: length, expected: total }));
  if (length > total) return failure(idxTooLong({ path, expected: total }));
  return success({ sizes, values: bytes.value.subarray(start) });
}

interface Header {
  readonly sizes: readonly number[];
  /** Offset of the first value. */
  readonly start: number;
  /** Length of the whole file. */
  readonly total: number;
}

/** Checks a header before anything is allocated by its numbers. */
function readHeader(path: string, role: Role, bytes: Uint8Array): Result<Header> {
  const names = DIMENSIONS[role];
  const start = 4 + 4 * names.length;
  if (bytes.length < 4) {
    const text = bytes.length === 0 ? 'nothing: it is empty' : hex(bytes);
    return failure(idxBadMagic({ path, found: text }));
  }
  const [zero, nought, type, dimensions] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || nought !== 0) {
    return failure(idxBadMagic({ path, found: hex(bytes.subarray(0, 4)) }));
  }
  if (type !== 0x08) return failure(idxWrongType({ path, found: hex(bytes.subarray(2, 3)) }));
  if (dimensions !== names.length) {
    return failure(idxWrongDimensions({ path, role, found: dimensions }));
  }
  if (bytes.length < start) {
    return failure(idxTruncated({ path, offset: bytes.length, expected: start }));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = names.map((_, i) => view.getUint32(4 + 4 * i));
  const zeros = names.flatMap((dimension, i): Diagnostic[] =>
    sizes[i] === 0 ? [idxEmpty({ path, dimension, offset: 4 + 4 * i })] : [],
  );
  if (zeros.length > 0) return failure(...zeros);
  // Three numbers below 2^32 may exceed what a double counts exactly, never what it can compare.
  const values = sizes.reduce((a, b) => a * b, 1);
  if (values > MOST_PIXELS) {
    return failure(idxTooLarge({ path, pixels: values, limit: MOST_PIXELS }));
  }
  return success({ sizes, start, total: start + values });
}

/** The first bytes of a gzip file, unpacked from so few packed ones that they cannot be many. */
function unpackHead(path: string, packed: Uint8Array): Result<Uint8Array> {
  try {
    const part = packed.subarray(0, 4096);
    const head = gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH });
    // Less than the longest header: the file is short or broken, and unpacking it whole tells which.
    return head.length < 16 ? unpack(path, packed, 16) : success(head);
  } catch (error) {
    return failure(idxBadGzip({ path, reason: (error as Error).message }));
  }
}

function unpack(path: string, packed: Uint8Array, total: number): Result<Uint8Array> {
  try {
    return success(gunzipSync(packed, { maxOutputLength: total + 1 }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return failure(idxTooLong({ path, expected: total }));
    return failure(idxBadGzip({ path, reason: message }));
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
