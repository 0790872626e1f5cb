import { basename } from 'node:path';
import type { RunContents } from '../../runs/list.js';
import { type Html, html } from '../html.js';
import { code, count, facts, listing, note, section } from '../layout.js';
import { exact } from '../numbers.js';
import type { Reported } from '../read.js';

/** Where, when and with what it ran, and the command that does it again. */
export function runSection(
  run: RunContents,
  reported: Pick<Reported, 'kind' | 'engine' | 'seconds' | 'divergedEpisodes' | 'notices'> | null,
): Html {
  const { manifest, status } = run;
  const { versions, inputs, data } = manifest;
  const seconds = reported?.seconds ?? null;
  return section(
    'run',
    'The run',
    facts([
      ['experiment', manifest.name],
      ['status', status],
      ['seed', String(manifest.seed)],
      reported?.engine ? ['engine', reported.engine] : null,
      seconds === null ? null : ['computed in', `${exact(Number(seconds.toPrecision(3)))} s`],
      ['started', moment(manifest.started)],
      manifest.resumed.length > 0 ? ['resumed', manifest.resumed.map(moment).join(', ')] : null,
      manifest.finished === null ? null : ['finished', moment(manifest.finished)],
      ['platform', manifest.platform],
      [
        'versions',
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
      reported?.divergedEpisodes == null
        ? null
        : ['diverged', `${count(reported.divergedEpisodes, 'episode')} of the searches`],
      ['configuration', html`SHA-256 ${code(manifest.configHash)}`],
      ...[...Object.entries(inputs), ...Object.entries(data)].map(
        // Where a file of data lay is nobody else's business.
        ([name, hash]) => [basename(name), html`SHA-256 ${code(hash)}`] as const,
      ),
    ]),
    ...(reported?.notices ?? []).map((notice) => note(notice)),
    html`<h3>To repeat it</h3>`,
    listing(repeating(manifest.command)),
    note(reported?.kind === 'inference' ? AGAIN_INFERENCE : AGAIN),
    html`<details><summary>config.yaml</summary>${listing(run.config)}</details>`,
    ...Object.entries(run.inputs).map(
      ([name, text]) => html`<details><summary>${name}</summary>${listing(text)}</details>`,
    ),
  );
}

const AGAIN =
  'Or with the configuration below, in which every default is written out, and the texts that it names. The same seed and the same versions give the same numbers on the fused engine.';
const AGAIN_INFERENCE =
  'The same recording, seed and versions give the same numbers. The configuration below has every default written out.';

/** ISO 8601 to the second, as people read it. */
const moment = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/** The command as it was typed, without the folder that is taken now; words that need quotes have them. */
function repeating(command: readonly string[]): string {
  const words: string[] = [];
  for (let k = 0; k < command.length; k++) {
    if (command[k] === '--out') k++;
    else if (!command[k]!.startsWith('--out=')) words.push(quoted(command[k]!));
  }
  return words.join(' ');
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./#~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
