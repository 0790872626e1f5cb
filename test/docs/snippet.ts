import { writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { prepared } from './package.js';
import { root } from './pages.js';
import { type Ran, start } from './transcript.js';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [path.join(root, 'node_modules', '@types')],
};

/** What the compiler has against a program that imports the built package; '' for nothing. */
export function typeErrors(text: string, folder: string): string {
  const file = path.join(prepared(folder), 'example.ts');
  writeFileSync(file, text);
  const program = ts.createProgram([file], { ...OPTIONS, noEmit: true });
  return ts
    .getPreEmitDiagnostics(program)
    .map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'))
    .join('\n');
}

/** Runs a program as someone who installed the package would. */
export function runSnippet(text: string, folder: string): Promise<Ran> {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { ...OPTIONS, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(path.join(prepared(folder), 'example.js'), outputText);
  return start(process.execPath, ['example.js'], folder);
}
