import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics/diagnostic.js';
import * as says from '../../src/base/diagnostics/recording.js';
import { fileMissing, fileNotText, fileUnusable } from '../../src/base/diagnostics/run.js';
import { type Result, unwrap } from '../../src/base/result.js';
import { placeOf } from '../../src/base/source.js';
import { openTable } from '../../src/infer/read/open.js';
import type { TableColumns } from '../../src/infer/read/table.js';
import { LABELS } from '../../src/infer/recording.js';
import { bytesOf, npy } from './numpy.js';

const folder = mkdtempSync(join(tmpdir(), 'engrammar-read-'));
let files = 0;

function file(content: string | Uint8Array, name = 'table.csv'): string {
  files += 1;
  const path = join(folder, `${files}-${name}`);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, columns?: readonly string[]): Promise<Result<TableColumns>> {
  const opened = await openTable(path);
  return opened.ok ? opened.value.read(columns ?? opened.value.header, LABELS) : opened;
}

const numbers = ({ columns }: TableColumns): Record<string, number[]> =>
  Object.fromEntries([...columns].map(([name, values]) => [name, [...values]]));

/** What is wrong, and where: code, message, line and column. */
async function fault(path: string, columns?: readonly string[]): Promise<string> {
  const result = await read(path, columns);
  if (result.ok) throw new Error(`${path} was read`);
  return result.diagnostics.map(placed).join('\n');
}

function placed({ code, message, source, span }: Diagnostic): string {
  const place = source && span ? placeOf(source, span.start) : null;
  return `${code} ${message}${place ? ` at ${place.line}:${place.column}` : ''}`;
}

const at = (diagnostic: Diagnostic, line: number, column: number): string =>
  `${diagnostic.code} ${diagnostic.message} at ${line}:${column}`;

describe('a table of text', () => {
  it.each([
    ['commas', 'x,y\n1,2\n3,4\n'],
    ['semicolons', 'x;y\n1;2\n3;4\n'],
    ['tabs', 'x\ty\n1\t2\n3\t4\n'],
    ['line ends of Windows, and none at the end', 'x,y\r\n1,2\r\n3,4'],
    ['a byte order mark', '\ufeffx,y\n1,2\n3,4\n'],
    ['quotes', '"x","y"\n"1",2\n3,"4"\n'],
    ['spaces and empty lines', ' x , y \n 1 , 2 \n\n3,4\n\n'],
    ['other ways to write numbers', 'x,y\n1.0,+2\n.3e1,0004\n'],
  ])('%s', async (_, text) => {
    expect(numbers(unwrap(await read(file(text))))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it('packed by gzip, whatever its name', async () => {
    const path = file(gzipSync('x,y\n1,2\n3,4\n'), 'packed.dat');
    expect(numbers(unwrap(await read(path)))).toEqual({ x: [1, 3], y: [2, 4] });
  });

  it('leaves out rows with a number that is missing or not finite, and counts them by column', async () => {
    const path = file('x,y\n1,2\n,5\nNaN,6\n7,inf\nNA,null\n3,4\n');
    const table = unwrap(await read(path));
    expect(numbers(table)).toEqual({ x: [1, 3], y: [2, 4] });
    expect(table.dropped).toBe(4);
    expect([...table.missing]).toEqual([
      ['x', 3],
      ['y', 2],
    ]);
    // Of a column that nobody needs nothing is missing.
    expect(unwrap(await read(path, ['y'])).dropped).toBe(2);
  });

  it('truth values are 1 and 0; columns that are not needed may hold anything', async () => {
    const path = file('spike,note,x\nTrue,"a, b\nc",1\nfalse,?!,2\n');
    expect(numbers(unwrap(await read(path, ['spike', 'x'])))).toEqual({ spike: [1, 0], x: [1, 2] });
  });

  it('neurons and trials may have names', async () => {
    const path = file('i,j,trial,x\nn7,3,mon,1\nn9,4,tue,2\nn7,3,mon,3\n');
    const { i, j, trial } = numbers(unwrap(await read(path)));
    expect(j).toEqual([3, 4, 3]);
    for (const named of [i!, trial!]) {
      expect(named[0]).toBe(named[2]);
      expect(named[0]).not.toBe(named[1]);
    }
  });

  it('is read piece by piece, across characters and lines', async () => {
    const rows = 120_000;
    const lines = Array.from({ length: rows }, (_, k) => `${k},µ${k},${k / 7}`);
    const path = file(`a,name,b\n${lines.join('\n')}\n`);
    const { a, b } = numbers(unwrap(await read(path, ['a', 'b'])));
    expect(a).toHaveLength(rows);
    expect(a!.every((value, k) => value === k)).toBe(true);
    expect(b![rows - 1]).toBe((rows - 1) / 7);
  });
});

describe('what is wrong with a table of text is told with its place', () => {
  it('a text where a number must stand', async () => {
    const path = file('x,y\n1,2\n3,four\n');
    expect(await fault(path)).toBe(at(says.textInNumbers({ column: 'y', text: 'four' }), 3, 3));
  });

  it('a decimal comma', async () => {
    const path = file('x;y\n1;2\n3;0,5\n');
    expect(await fault(path)).toBe(at(says.decimalComma({ column: 'y', text: '0,5' }), 3, 3));
  });

  it('rows with more or fewer fields', async () => {
    expect(await fault(file('x,y\n1,2\n3,4,5\n'))).toBe(
      at(says.raggedRow({ found: 3, expected: 2 }), 3, 1),
    );
    expect(await fault(file('x,y\n1,2\n3\n'))).toBe(
      at(says.raggedRow({ found: 1, expected: 2 }), 3, 1),
    );
  });

  it('in the right line behind fields with line breaks', async () => {
    const path = file('x,note\n1,"a\nb"\n2,c\nno,d\n');
    expect(await fault(path, ['x'])).toBe(
      at(says.textInNumbers({ column: 'x', text: 'no' }), 5, 1),
    );
  });

  it('two columns of one name, and columns without one', async () => {
    expect(await fault(file('x,y,x\n1,2,3\n'))).toBe(
      at(says.columnTwice({ name: 'x', places: [1, 3] }), 1, 1),
    );
    const opened = await openTable(file(',x,y,\n0,1,2,\n'));
    expect(opened.ok && opened.value.header).toEqual(['x', 'y']);
    expect(opened.ok && opened.warnings.map(({ message }) => message)).toEqual([
      says.columnUnnamed({ places: [1, 4] }).message,
    ]);
  });

  it('no header', async () => {
    expect(await fault(file('1,2.5\n3,4\n'))).toBe(
      at(says.headerMissing({ first: ['1', '2.5'] }), 1, 1),
    );
  });

  it('nothing in it', async () => {
    for (const content of ['', '\n\n', '\ufeff']) {
      const path = file(content);
      expect(await fault(path)).toContain(says.emptyTable({ path }).message);
    }
  });

  it('a quote that is not closed', async () => {
    expect(await fault(file('x,y\n1,2\n3,"4\n5,6\n'))).toBe(at(says.openQuote({}), 3, 1));
  });

  it('no file, a folder, a file of another kind', async () => {
    expect(await fault('nowhere.csv')).toBe(placed(fileMissing({ path: 'nowhere.csv' })));
    const reason = 'it is a folder';
    expect(await fault(folder)).toBe(placed(fileUnusable({ path: folder, act: 'read', reason })));
    const hdf = file('\x89HDF\r\n\x1a\n');
    // As text this begins with two bytes; on disk an HDF5 file with one.
    writeFileSync(hdf, Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'));
    expect(await fault(hdf)).toBe(placed(says.notATable({ path: hdf, what: 'an HDF5 file' })));
    const latin = file(Buffer.from('x,Strom in \xb5A\n1,2\n', 'latin1'));
    expect(await fault(latin)).toBe(placed(fileNotText({ path: latin, offset: 11 })));
  });

  it('a packed file that was cut off', async () => {
    const whole = gzipSync(`x,y\n${'1,2\n'.repeat(5000)}`);
    expect(await fault(file(whole.subarray(0, whole.length - 12)))).toContain(
      says.tableDamaged.code,
    );
  });
});

describe('an archive of NumPy arrays', () => {
  it('each array is a column, whatever its type', async () => {
    const swapped = Buffer.alloc(16);
    swapped.writeDoubleBE(1.5, 0);
    swapped.writeDoubleBE(-2, 8);
    const path = file(
      zipSync({
        'a.npy': npy('<f8', '(2,)', bytesOf(Float64Array.of(1, 2))),
        'b.npy': npy('<f4', '(2,)', bytesOf(Float32Array.of(0.5, -1))),
        'c.npy': npy('<i8', '(2,)', bytesOf(BigInt64Array.of(-3n, 4n))),
        'd.npy': npy('|b1', '(2,)', Uint8Array.of(1, 0)),
        'e.npy': npy('>f8', '(2,)', swapped),
        'f.npy': npy('<u2', '(2,)', bytesOf(Uint16Array.of(7, 65535))),
        'trial.npy': npy('<U2', '(2,)', bytesOf(Uint32Array.of(97, 0, 98, 99))),
      }),
      'table.npz',
    );
    expect(numbers(unwrap(await read(path)))).toEqual({
      a: [1, 2],
      b: [0.5, -1],
      c: [-3, 4],
      d: [1, 0],
      e: [1.5, -2],
      f: [7, 65535],
      trial: [0, 1],
    });
  });

  it('says which array is no column, and why', async () => {
    const one = npy('<f8', '(2,)', bytesOf(Float64Array.of(1, 2)));
    const cases = {
      'it has 2 dimensions, not one': npy('<f8', '(1, 2)', bytesOf(Float64Array.of(1, 2))),
      'it has 0 dimensions, not one': npy('<f8', '()', bytesOf(Float64Array.of(1))),
      'numbers of type c16 are not read': npy('<c16', '(2,)', new Uint8Array(32)),
      'its values are neither numbers nor texts': npy('|O', '(2,)', new Uint8Array(32)),
      'it is cut off': npy('<f8', '(3,)', bytesOf(Float64Array.of(1, 2))),
      'it is no NumPy array': Buffer.from('not an array at all'),
    };
    for (const [reason, bytes] of Object.entries(cases)) {
      const path = file(zipSync({ 'x.npy': one, 'y.npy': bytes }), 'table.npz');
      expect(await fault(path)).toBe(placed(says.arrayUnusable({ path, column: 'y', reason })));
      expect(numbers(unwrap(await read(path, ['x'])))).toEqual({ x: [1, 2] });
    }
  });

  it('columns of different lengths, texts, archives of other things, damage', async () => {
    const two = npy('<f8', '(2,)', bytesOf(Float64Array.of(1, 2)));
    const three = npy('<f8', '(3,)', bytesOf(Float64Array.of(1, 2, 3)));
    const sizes = [['x', 2] as const, ['y', 3] as const];
    expect(await fault(file(zipSync({ 'x.npy': two, 'y.npy': three })))).toBe(
      placed(says.columnsDiffer({ sizes })),
    );
    const texts = npy('<U1', '(2,)', bytesOf(Uint32Array.of(97, 98)));
    expect(await fault(file(zipSync({ 'x.npy': texts })))).toBe(
      placed(says.textInNumbers({ column: 'x', text: 'a' })),
    );
    const sheet = file(zipSync({ 'xl/workbook.xml': Uint8Array.of(60) }), 'table.xlsx');
    expect(await fault(sheet)).toBe(
      placed(says.notATable({ path: sheet, what: 'an archive without arrays' })),
    );
    const whole = zipSync({ 'x.npy': two });
    expect(await fault(file(whole.subarray(0, whole.length - 30)))).toContain(
      says.tableDamaged.code,
    );
  });
});

describe('a Parquet file', () => {
  const column = (name: string, data: unknown[], type: string) => ({ name, data, type });
  const written = (columns: readonly { name: string; data: unknown[]; type: string }[]): string =>
    file(
      new Uint8Array(
        parquetWriteBuffer({ columnData: columns as never, rowGroupSize: 2, codec: 'SNAPPY' }),
      ),
      'table.parquet',
    );

  it('columns of numbers, whole numbers, truth values and names, over several groups of rows', async () => {
    const path = written([
      column('x', [0.5, 1.5, 2.5], 'DOUBLE'),
      column('n', [1n, 2n, 3n], 'INT64'),
      column('k', [1, 2, 3], 'INT32'),
      column('spike', [true, false, true], 'BOOLEAN'),
      column('trial', ['a', 'b', 'a'], 'STRING'),
    ]);
    const { trial, ...rest } = numbers(unwrap(await read(path)));
    expect(rest).toEqual({ x: [0.5, 1.5, 2.5], n: [1, 2, 3], k: [1, 2, 3], spike: [1, 0, 1] });
    expect(trial![0]).toBe(trial![2]);
    expect(trial![0]).not.toBe(trial![1]);
  });

  it('leaves out rows with nothing in them, refuses texts and what is damaged', async () => {
    const path = written([
      column('x', [1, null, 3, Number.NaN], 'DOUBLE'),
      column('name', ['a', 'b', 'c', 'd'], 'STRING'),
    ]);
    const table = unwrap(await read(path, ['x']));
    expect(numbers(table)).toEqual({ x: [1, 3] });
    expect(table.dropped).toBe(2);
    expect(await fault(path)).toBe(placed(says.textInNumbers({ column: 'name', text: 'a' })));
    const damaged = file('PAR1 and then nothing that would be one', 'table.parquet');
    expect(await fault(damaged)).toContain(says.tableDamaged.code);
  });
});
