import type { Family } from './families.js';

/** What each licence begins with, behind the holder's own lines. */
const BEGINNINGS = [
  'This Font Software is licensed under the SIL Open Font License',
  'Apache License',
];

/** The fonts with their holders of rights, then the text of each licence once. */
export function licences(families: readonly Family[]): string {
  const holders = families.map(
    (family) =>
      `${family.name} (${family.package} ${family.version}), ${family.license}\n  ${family.attribution}`,
  );
  const texts = new Map<string, string[]>();
  for (const { name, licenseText } of families) {
    const text = withoutHolder(licenseText);
    texts.set(text, [...(texts.get(text) ?? []), name]);
  }
  const rule = '='.repeat(72);
  return [
    'The glyphs were drawn from these fonts and distorted. The fonts themselves are not here.',
    ...holders,
    ...[...texts].map(([text, names]) => `${rule}\n${names.join(', ')}\n${rule}\n\n${text}`),
  ]
    .join('\n\n')
    .concat('\n');
}

function withoutHolder(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  const first = lines.findIndex((line) =>
    BEGINNINGS.some((beginning) => line.trim().startsWith(beginning)),
  );
  if (first < 0) throw new Error('a licence of another kind');
  return lines.slice(first).join('\n').trimEnd();
}
