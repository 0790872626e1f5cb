// Lets Node run this repository's TypeScript as it stands:
//
//     node --import ./scripts/run-typescript.mjs src/cli/main.ts
//
// For development and tests only: what is published is compiled. Types are removed, not checked;
// an import of `x.js` finds `x.ts`.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { register } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const IN_LOADER = '?loader';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cache = path.join(root, 'node_modules', '.cache', 'engrammar-typescript');

// Node loads this file a second time, in the thread where the hooks below live.
if (!import.meta.url.endsWith(IN_LOADER)) register(import.meta.url + IN_LOADER);

export async function resolve(specifier, context, next) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, format: 'module', shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !/\.ts$/.test(url)) return next(url, context);
  const source = await withoutTypes(await readFile(fileURLToPath(url), 'utf8'));
  return { format: 'module', source, shortCircuit: true };
}

let compiler;

/** The compiler takes a second to load, so what it made is kept, named by the hash of the source. */
async function withoutTypes(text) {
  const name = createHash('sha256').update(process.version).update(text).digest('hex');
  const kept = path.join(cache, `${name}.mjs`);
  try {
    return await readFile(kept, 'utf8');
  } catch {
    // Not made yet.
  }
  compiler ??= (await import('typescript')).default;
  const { ModuleKind, ScriptTarget, transpileModule } = compiler;
  const compilerOptions = {
    module: ModuleKind.ESNext,
    target: ScriptTarget.ES2022,
    verbatimModuleSyntax: true,
    inlineSourceMap: true,
  };
  const { outputText } = transpileModule(text, { compilerOptions });
  try {
    await mkdir(cache, { recursive: true });
    const aside = `${kept}.${process.pid}.${Math.random()}`;
    await writeFile(aside, outputText);
    await rename(aside, kept);
  } catch {
    // Not kept then: the folder may belong to someone else.
  }
  return outputText;
}
