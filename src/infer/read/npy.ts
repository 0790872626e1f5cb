/** An array of numbers or texts as NumPy saves it, the last dimension running fastest; or why it is none. */
export type NpyArray =
  | { readonly kind: 'numbers'; readonly shape: readonly number[]; readonly values: Float64Array }
  | {
      readonly kind: 'texts';
      readonly shape: readonly number[];
      readonly values: readonly string[];
    }
  | { readonly kind: 'unusable'; readonly reason: string };

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Reads a .npy file (versions 1 to 3 of the format): numbers of any size and byte order, booleans, texts. */
export function readNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || MAGIC.some((byte, k) => bytes[k] !== byte)) {
    return unusable('it is no NumPy array');
  }
  const isLong = bytes[6]! > 1;
  const start = isLong ? 12 : 10;
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([<>|=])?([a-zA-Z])(\d+)'/.exec(header);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (shape === undefined) return unusable('its header is damaged');
  if (!descr) return unusable('its values are neither numbers nor texts');
  const sizes = shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  // Another order means nothing for a single dimension.
  if (sizes.length > 1 && /'fortran_order':\s*True/.test(header)) {
    return unusable('its first dimension runs fastest (save numpy.ascontiguousarray of it)');
  }
  const [, order = '|', type = '', size = '0'] = descr;
  const count = sizes.reduce((product, each) => product * each, 1);
  const width = Number(size) * (type === 'U' ? 4 : 1);
  const from = start + length;
  if (bytes.length < from + count * width) return unusable('it is cut off');
  const little = order !== '>';
  if (type === 'U' || type === 'S') {
    const decode = type === 'U' ? unicode(view, little) : latin(bytes);
    const values = Array.from({ length: count }, (_, k) => decode(from + k * width, width));
    return { kind: 'texts', shape: sizes, values };
  }
  const read = reader(view, `${type}${size}`, little);
  if (!read) return unusable(`numbers of type ${type}${size} are not read`);
  const values = new Float64Array(count);
  for (let k = 0; k < count; k++) values[k] = read(from + k * width);
  return { kind: 'numbers', shape: sizes, values };
}

const unusable = (reason: string): NpyArray => ({ kind: 'unusable', reason });

function reader(view: DataView, type: string, little: boolean): ((at: number) => number) | null {
  switch (type) {
    case 'f8':
      return (at) => view.getFloat64(at, little);
    case 'f4':
      return (at) => view.getFloat32(at, little);
    case 'i8':
      return (at) => Number(view.getBigInt64(at, little));
    case 'u8':
      return (at) => Number(view.getBigUint64(at, little));
    case 'i4':
      return (at) => view.getInt32(at, little);
    case 'u4':
      return (at) => view.getUint32(at, little);
    case 'i2':
      return (at) => view.getInt16(at, little);
    case 'u2':
      return (at) => view.getUint16(at, little);
    case 'i1':
      return (at) => view.getInt8(at);
    case 'u1':
    case 'b1':
      return (at) => view.getUint8(at);
    default:
      return null;
  }
}

function unicode(view: DataView, little: boolean) {
  return (at: number, width: number): string => {
    let text = '';
    for (let k = at; k < at + width; k += 4) {
      const point = view.getUint32(k, little);
      if (point > 0 && point <= 0x10ffff) text += String.fromCodePoint(point);
    }
    return text;
  };
}

const latin =
  (bytes: Uint8Array) =>
  (at: number, width: number): string =>
    new TextDecoder('latin1').decode(bytes.subarray(at, at + width)).replace(/\0+$/, '');
