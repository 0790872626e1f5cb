import { BodyWriter } from './body.js';
import type { Callable, FunctionSpec, ModuleWriter, ReadableModuleWriter } from './code.js';
import { Bytes, valueTypeBytes } from './encode.js';
import { ReadableBody } from './readable.js';
import { distinctNames, wordsOf } from './text.js';

interface Defined<B extends BodyWriter> {
  readonly callable: Callable;
  readonly exportedAs: string | undefined;
  readonly about: FunctionSpec['about'];
  readonly body: B;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const SECTION = { custom: 0, type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
/** Within the custom section "name". */
const FUNCTION_NAMES = 1;
const FUNCTION_TYPE = 0x60;
const IMPORTED_MEMORY = [0x02, 0x00];
const EXPORTED_FUNCTION = 0x00;
const MOST_PAGES = 65536;

/**
 * Puts functions together to a module that imports its memory as `env.memory`. Functions bear their names in
 * the binary, too, for the engine's messages and profiles. A body may define further functions while it is
 * being written: they come before it.
 */
export function moduleWriter(): ModuleWriter {
  return writerOf([], (spec) => new BodyWriter(spec));
}

/** The same, and what was written is kept in words as well. */
export function readableModuleWriter(): ReadableModuleWriter {
  const functions: Defined<ReadableBody>[] = [];
  const writer = writerOf(functions, (spec) => new ReadableBody(spec));
  return { ...writer, text: () => print(functions) };
}

function writerOf<B extends BodyWriter>(
  functions: Defined<B>[],
  bodyOf: (spec: FunctionSpec) => B,
): ModuleWriter {
  const exported = new Set<string>();
  const functionName = distinctNames();
  return {
    define(spec, write) {
      const { name, parameters = [], results = [], exported: isExported, about } = spec;
      if (isExported === true && exported.has(name)) {
        throw new RangeError(`two exported functions "${name}"`);
      }
      const body = bodyOf(spec);
      write(body);
      const callable: Callable = {
        name: functionName(name),
        index: functions.length,
        parameters: parameters.map(({ type }) => type),
        results,
      };
      if (isExported === true) exported.add(name);
      functions.push({ callable, exportedAs: isExported === true ? name : undefined, about, body });
      return callable;
    },
    binary: (pages) => assemble(functions, pages),
  };
}

function pushSection(out: Bytes, id: number, write: (section: Bytes) => void): void {
  const section = new Bytes();
  write(section);
  out.byte(id);
  out.sized(section);
}

const signature = ({ parameters, results }: Callable): string =>
  `${parameters.join(' ')} -> ${results.join(' ')}`;

function assemble(
  functions: readonly Defined<BodyWriter>[],
  pages: number,
): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(pages) || pages < 0 || pages > MOST_PAGES) {
    throw new RangeError(`a memory of ${pages} pages`);
  }
  const types = new Map<string, { readonly index: number; readonly callable: Callable }>();
  for (const { callable } of functions) {
    const key = signature(callable);
    if (!types.has(key)) types.set(key, { index: types.size, callable });
  }
  const out = new Bytes();
  out.all(HEADER);
  pushSection(out, SECTION.type, (section) => {
    section.vector([...types.values()], ({ callable: { parameters, results } }) => {
      section.byte(FUNCTION_TYPE);
      for (const list of [parameters, results]) {
        section.vector(list, (type) => section.byte(valueTypeBytes[type]));
      }
    });
  });
  pushSection(out, SECTION.import, (section) => {
    section.unsigned(1);
    section.name('env');
    section.name('memory');
    section.all(IMPORTED_MEMORY);
    section.unsigned(pages);
  });
  pushSection(out, SECTION.function, (section) => {
    section.vector(functions, ({ callable }) =>
      section.unsigned(types.get(signature(callable))!.index),
    );
  });
  pushSection(out, SECTION.export, (section) => {
    const exports = functions.filter(({ exportedAs }) => exportedAs !== undefined);
    section.vector(exports, ({ callable, exportedAs }) => {
      section.name(exportedAs!);
      section.byte(EXPORTED_FUNCTION);
      section.unsigned(callable.index);
    });
  });
  pushSection(out, SECTION.code, (section) => {
    section.vector(functions, ({ body }) => section.sized(body.bytes()));
  });
  pushSection(out, SECTION.custom, (section) => {
    section.name('name');
    pushSection(section, FUNCTION_NAMES, (names) => {
      names.vector(functions, ({ callable }) => {
        names.unsigned(callable.index);
        names.name(callable.name);
      });
    });
  });
  return out.view();
}

function print(functions: readonly Defined<ReadableBody>[]): string {
  const lines = ['(module', '  (import "env" "memory" (memory 0))'];
  for (const { callable, exportedAs, about, body } of functions) {
    const { parameters, lines: code } = body.text();
    const alias = exportedAs === undefined ? '' : ` (export ${JSON.stringify(exportedAs)})`;
    const { name, results } = callable;
    const result = results.length === 0 ? '' : ` (result ${results.join(' ')})`;
    const words = about === undefined ? [] : wordsOf(about).split('\n');
    lines.push('', ...words.map((text) => `  ;; ${text}`));
    lines.push(`  (func $${name}${alias}${parameters}${result}`, ...code, '  )');
  }
  lines.push(')', '');
  return lines.join('\n');
}
