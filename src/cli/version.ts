import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../base/package-root.js';

interface Package {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Of this package. */
export function packageVersion(): string {
  return readPackage().version;
}

/** What computes in a run and where its data come from, with versions, for its manifest. */
export function packageVersions(): Record<string, string> {
  const { version, dependencies } = readPackage();
  const tensor = Object.entries(dependencies).filter(
    ([name]) => name.startsWith('@tensorflow/') || name === 'mnist',
  );
  return { engrammar: version, node: process.version, ...Object.fromEntries(tensor) };
}

function readPackage(): Package {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as Package;
}
