import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));

/**
 * Font families from which the glyphs are drawn: npm packages of @fontsource, in the versions of
 * package-lock.json beside this file. Chosen by looking at them: hands whose capitals are lower-case
 * letters enlarged, or whose letters are hard to tell apart when small, are left out.
 */
const FAMILIES = [
  'annie-use-your-telescope',
  'architects-daughter',
  'bad-script',
  'caveat',
  'comic-neue',
  'courier-prime',
  'delius',
  'finger-paint',
  'gaegu',
  'gloria-hallelujah',
  'handlee',
  'indie-flower',
  'itim',
  'kalam',
  'lora',
  'mansalva',
  'nanum-brush-script',
  'nanum-pen-script',
  'neucha',
  'patrick-hand',
  'playpen-sans',
  'schoolbell',
  'shadows-into-light',
  'sriracha',
];

export interface Family {
  /** As people call it, such as Patrick Hand. */
  readonly name: string;
  readonly package: string;
  readonly version: string;
  /** SPDX name. */
  readonly license: string;
  readonly attribution: string;
  /** The whole text that comes with the package. */
  readonly licenseText: string;
  /** A WOFF file with the Latin letters and digits. */
  readonly file: string;
}

/** All families, in order. Throws where their packages are not installed in this folder. */
export function readFamilies(): Family[] {
  return FAMILIES.map((id) => {
    const home = path.join(folder, 'node_modules', '@fontsource', id);
    const { version } = readJson<{ version: string }>(path.join(home, 'package.json'));
    const metadata = readJson<{
      family: string;
      license: { type: string; attribution: string };
    }>(path.join(home, 'metadata.json'));
    return {
      name: metadata.family,
      package: `@fontsource/${id}`,
      version,
      license: metadata.license.type,
      attribution: metadata.license.attribution,
      licenseText: readFileSync(path.join(home, 'LICENSE'), 'utf8'),
      file: path.join(home, 'files', `${id}-latin-400-normal.woff`),
    };
  });
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
