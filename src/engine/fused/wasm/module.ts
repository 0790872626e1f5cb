import { functionBody } from './body.js';
import type { Callable, Local, ModuleWriter } from './code.js';
import {
  distinctNames,
  pushName,
  pushSized,
  pushUnsigned,
  pushVector,
  valueTypeBytes,
} from './encode.js';

interface Defined {
  readonly callable: Callable;
  readonly parameters: readonly Local[];
  readonly exportedAs: string | undefined;
  readonly about: string | undefined;
  readonly bytes: number[];
  readonly lines: string[];
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const MOST_PAGES = 65536;

function pushSection(out: number[], id: number, write: (section: number[]) => void): void {
  const section: number[] = [];
  write(section);
  out.push(id);
  pushSized(out, section);
}

/**
 * Puts functions together to a module that imports its memory as `env.memory`. Functions bear their names
 * in the binary, too, for the engine's messages and profiles.
 */
export function moduleWriter(): ModuleWriter {
  const functions: Defined[] = [];
  const exported = new Set<string>();
  const functionName = distinctNames();

  return {
    define(spec, write) {
      if (spec.exported === true && exported.has(spec.name)) {
        throw new RangeError(`two exported functions "${spec.name}"`);
      }
      const body = functionBody(spec);
      write(body.code);
      const callable: Callable = {
        name: functionName(spec.name),
        index: functions.length,
        parameters: body.code.parameters.map(({ type }) => type),
        results: spec.results ?? [],
      };
      if (spec.exported === true) exported.add(spec.name);
      functions.push({
        callable,
        parameters: body.code.parameters,
        exportedAs: spec.exported === true ? spec.name : undefined,
        about: spec.about,
        bytes: body.bytes(),
        lines: body.lines(),
      });
      return callable;
    },
    binary: (pages) => assemble(functions, pages),
    text: () => print(functions),
  };
}

const signature = ({ parameters, results }: Callable): string =>
  `${parameters.join(' ')} -> ${results.join(' ')}`;

function assemble(functions: readonly Defined[], pages: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(pages) || pages < 0 || pages > MOST_PAGES) {
    throw new RangeError(`a memory of ${pages} pages`);
  }
  const types = new Map<string, { readonly index: number; readonly callable: Callable }>();
  for (const { callable } of functions) {
    const key = signature(callable);
    if (!types.has(key)) types.set(key, { index: types.size, callable });
  }
  const out = [...HEADER];
  pushSection(out, 1, (section) => {
    pushVector(section, [...types.values()], (bytes, { callable }) => {
      bytes.push(0x60);
      pushVector(bytes, callable.parameters, (b, type) => b.push(valueTypeBytes[type]));
      pushVector(bytes, callable.results, (b, type) => b.push(valueTypeBytes[type]));
    });
  });
  pushSection(out, 2, (section) => {
    section.push(1);
    pushName(section, 'env');
    pushName(section, 'memory');
    section.push(0x02, 0x00);
    pushUnsigned(section, pages);
  });
  pushSection(out, 3, (section) => {
    pushVector(section, functions, (bytes, { callable }) =>
      pushUnsigned(bytes, types.get(signature(callable))!.index),
    );
  });
  const exports = functions.filter(({ exportedAs }) => exportedAs !== undefined);
  pushSection(out, 7, (section) => {
    pushVector(section, exports, (bytes, { callable, exportedAs }) => {
      pushName(bytes, exportedAs!);
      bytes.push(0x00);
      pushUnsigned(bytes, callable.index);
    });
  });
  pushSection(out, 10, (section) => {
    pushVector(section, functions, (bytes, { bytes: body }) => {
      for (const byte of body) bytes.push(byte);
    });
  });
  // The custom section "name", subsection 1: names of functions.
  pushSection(out, 0, (section) => {
    pushName(section, 'name');
    pushSection(section, 1, (names) => {
      pushVector(names, functions, (bytes, { callable }) => {
        pushUnsigned(bytes, callable.index);
        pushName(bytes, callable.name);
      });
    });
  });
  return Uint8Array.from(out);
}

function print(functions: readonly Defined[]): string {
  const lines = ['(module', '  (import "env" "memory" (memory 0))'];
  for (const { callable, parameters, exportedAs, about, lines: body } of functions) {
    lines.push('');
    if (about !== undefined) lines.push(...about.split('\n').map((text) => `  ;; ${text}`));
    const head = [
      `(func $${callable.name}`,
      ...(exportedAs === undefined ? [] : [`(export ${JSON.stringify(exportedAs)})`]),
      ...parameters.map(({ name, type }) => `(param $${name} ${type})`),
      ...(callable.results.length === 0 ? [] : [`(result ${callable.results.join(' ')})`]),
    ];
    lines.push(`  ${head.join(' ')}`, ...body, '  )');
  }
  lines.push(')', '');
  return lines.join('\n');
}
