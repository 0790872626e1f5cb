import { diagnosticKind } from './diagnostic.js';

/** A size for people: `12 kB`, `3.4 GB`. */
export function describeBytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

export const fileMissing = diagnosticKind<{ path: string }>(
  'E601',
  'No such file',
  'A file that was named does not exist. Paths on the command line are relative to the folder you are in; paths in an experiment file are relative to that file.',
  ({ path }) => ({
    message: `there is no file ${path}`,
    hint: 'check the spelling, and the folder the path starts from',
  }),
);

export const fileUnusable = diagnosticKind<{
  path: string;
  act: 'read' | 'write';
  reason: string;
}>(
  'E602',
  'A file cannot be read or written',
  'The operating system refused to open, read or write a file. The reason it gave stands in the message. Nothing that was already stored is changed: files of a run are replaced only when their new content is complete.',
  ({ path, act, reason }) => ({ message: `cannot ${act} ${path}: ${reason}` }),
);

export const fileTooBig = diagnosticKind<{ path: string; size: number; limit: number }>(
  'E603',
  'A file is larger than any real file of its kind',
  'Rules, spaces and experiments are short texts. A file far larger than that is almost surely another file named by mistake, so it is refused before it is read.',
  ({ path, size, limit }) => ({
    message: `${path} has ${describeBytes(size)}; files of this kind have at most ${describeBytes(limit)}`,
    hint: 'check that this is the file you meant',
  }),
);

export const fileNotText = diagnosticKind<{ path: string; offset: number }>(
  'E604',
  'A file is not UTF-8 text',
  'Rules, spaces and experiments are UTF-8 text. This file has bytes that no UTF-8 text can have: it may be in another encoding, or not be a text at all.',
  ({ path, offset }) => ({
    message: `${path} is not UTF-8 text: byte ${offset} cannot stand there`,
    hint: 'save the file as UTF-8',
  }),
);

export const runFolderUnwritable = diagnosticKind<{ folder: string; reason: string }>(
  'E610',
  'The run folder cannot be written',
  'A run writes its configuration, its history, its checkpoints and its result into one folder, so that folder must be writable before any work begins. The reason the operating system gave stands in the message. Nothing has been computed yet, so nothing is lost.',
  ({ folder, reason }) => ({
    message: `cannot write the run folder ${folder}: ${reason}`,
    hint: 'name a folder you may write to with --out FOLDER',
  }),
);

export const runFolderTaken = diagnosticKind<{ folder: string; file: string }>(
  'E611',
  'The folder already holds a run',
  'A run folder holds exactly one run, and a run never writes over another. The folder already has files of a run.',
  ({ folder, file }) => ({
    message: `${folder} already holds a run (${file})`,
    hint: `continue it with engrammar resume ${folder}, or name another folder with --out`,
  }),
);

export const runFolderLocked = diagnosticKind<{
  folder: string;
  pid: number;
  host: string;
  since: string;
  here: boolean;
}>(
  'E612',
  'Another process is using the run folder',
  'Two processes that write into one run folder would mix their results, so each run holds a lock (the file lock.json) while it works. The lock of a process of this computer that no longer exists is recognised and taken over; whether a process on another computer still exists cannot be known from here.',
  ({ folder, pid, host, since, here }) => ({
    message: `${folder} is in use by process ${pid} on ${host} since ${since}`,
    hint: here
      ? 'wait until it has finished, or name another folder with --out'
      : `if that process no longer exists, remove ${folder}/lock.json`,
  }),
);

export const runFolderMissing = diagnosticKind<{ folder: string; found: string | undefined }>(
  'E613',
  'No run in this folder',
  'A run folder is recognised by its file manifest.json. The folder that was named has none, or does not exist.',
  ({ folder, found }) => ({
    message: `${folder} holds no run (no manifest.json)`,
    hint: found ? `did you mean ${found}?` : 'engrammar runs lists the runs in ./runs',
  }),
);

export const runFileDamaged = diagnosticKind<{ path: string; reason: string }>(
  'E614',
  'A file of a run is damaged',
  'A file that engrammar wrote itself does not have the content it must have: it was edited, cut off by a full disk, or written by another version.',
  ({ path, reason }) => ({ message: `${path} is damaged: ${reason}` }),
);

export const runVersionUnknown = diagnosticKind<{
  path: string;
  found: unknown;
  known: number;
}>(
  'E615',
  'A run of another version',
  'Every file of a run carries the version of its layout (schemaVersion). This one has a version that this engrammar does not know.',
  ({ path, found, known }) => ({
    message: `${path} has schemaVersion ${JSON.stringify(found) ?? 'missing'}; this engrammar reads version ${known}`,
    hint: 'read it with the engrammar version named in its manifest.json',
  }),
);

export const runConfigChanged = diagnosticKind<{ path: string }>(
  'E616',
  'The configuration of a run was changed',
  'The manifest of a run holds the hash of its resolved configuration. The configuration file no longer has that hash: going on would mix two experiments in one history.',
  ({ path }) => ({
    message: `${path} is not the configuration this run began with`,
    hint: 'restore the file, or start a new run with the changed configuration',
  }),
);

export const runFinished = diagnosticKind<{ folder: string; status: string }>(
  'E617',
  'The run is finished',
  'Only a run that was interrupted, or whose process died, can be resumed. This one came to its end.',
  ({ folder, status }) => ({
    message: `the run in ${folder} is ${status}: there is nothing to resume`,
    hint: 'start a new run, with another seed if you want another sample',
  }),
);

export const runDataChanged = diagnosticKind<{ path: string }>(
  'E618',
  'The data of a run were changed',
  'The manifest of a run holds the hash of every file of data that it reads. This file no longer has that hash: the rest of the run would see other data than its beginning.',
  ({ path }) => ({
    message: `${path} no longer holds the data this run began with`,
    hint: 'restore the file, or start a new run with the changed data',
  }),
);

export const workerFailed = diagnosticKind<{ job: number; reason: string }>(
  'E620',
  'A worker failed',
  'Jobs of a run are computed by worker threads. One of them ended without a result: it ran out of memory, was ended from outside, or met a defect of the program. The other workers were stopped; what was already stored in the run folder is intact.',
  ({ job, reason }) => ({
    message: `the worker with job ${job} failed: ${reason}`,
    hint: 'use fewer workers if memory ran out; a run with a folder can be resumed',
  }),
);

export const jobsAborted = diagnosticKind<{ done: number; total: number }>(
  'E621',
  'Interrupted',
  'The work was interrupted, as by Ctrl-C, before all its jobs were done.',
  ({ done, total }) => ({ message: `interrupted after ${done} of ${total} jobs` }),
);

export const runDiagnostics = [
  fileMissing,
  fileUnusable,
  fileTooBig,
  fileNotText,
  runFolderUnwritable,
  runFolderTaken,
  runFolderLocked,
  runFolderMissing,
  runFileDamaged,
  runVersionUnknown,
  runConfigChanged,
  runFinished,
  runDataChanged,
  workerFailed,
  jobsAborted,
];
