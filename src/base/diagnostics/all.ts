import { algebraDiagnostics } from './algebra.js';
import { catalogueDiagnostics } from './catalogue.js';
import { circuitDiagnostics } from './circuit.js';
import { dataDiagnostics } from './data.js';
import type { DiagnosticKind } from './diagnostic.js';
import { discoverDiagnostics } from './discover.js';
import { engineDiagnostics } from './engine.js';
import { enumerationDiagnostics } from './enumerate.js';
import { experimentDiagnostics } from './experiment.js';
import { languageDiagnostics } from './language.js';
import { mathjsDiagnostics } from './mathjs.js';
import { memoryDiagnostics } from './memory.js';
import { programDiagnostics } from './program.js';
import { recordingDiagnostics } from './recording.js';
import { runDiagnostics } from './run.js';
import { spaceDiagnostics } from './space.js';
import { syntaxDiagnostics } from './syntax.js';
import { taskDiagnostics } from './task.js';
import { testingDiagnostics } from './testing.js';
import { usageDiagnostics } from './usage.js';

/** What `engrammar explain` tells of a kind of diagnostic. */
export type Explained = Pick<DiagnosticKind<never>, 'code' | 'title' | 'explanation'>;

/** Every kind of diagnostic there is, by code. */
export const allDiagnostics: readonly Explained[] = [
  ...syntaxDiagnostics,
  ...languageDiagnostics,
  ...memoryDiagnostics,
  ...algebraDiagnostics,
  ...mathjsDiagnostics,
  ...spaceDiagnostics,
  ...enumerationDiagnostics,
  ...dataDiagnostics,
  ...recordingDiagnostics,
  ...experimentDiagnostics,
  ...usageDiagnostics,
  ...catalogueDiagnostics,
  ...discoverDiagnostics,
  ...runDiagnostics,
  ...engineDiagnostics,
  ...circuitDiagnostics,
  ...programDiagnostics,
  ...taskDiagnostics,
  ...testingDiagnostics,
]
  .map(({ code, title, explanation }) => ({ code, title, explanation }))
  .sort((a, b) => order(a.code).localeCompare(order(b.code)));

/** Errors before warnings, each by number. */
function order(code: string): string {
  return `${code.startsWith('W') ? 1 : 0}${code.slice(1)}`;
}
