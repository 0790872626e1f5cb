import type { Diagnostic } from '../base/diagnostics/diagnostic.js';
import { fewShotOptions, SEQUENCES } from '../tasks/registry.js';
import type { Locator } from './diagnose.js';
import type { Path } from './yaml.js';

/** An experiment as it is written, and where everything in it stands. */
export interface WrittenExperiment {
  readonly value: unknown;
  readonly locator: Locator;
}

type Group = Readonly<Record<string, unknown>>;

/** What a part of a file says itself: a cell of a sweep, a contestant, a row of other circumstances. */
interface Own {
  readonly space?: string | undefined;
  readonly rule?: string | undefined;
  readonly rules?: Readonly<Record<string, string>> | undefined;
  readonly descent?: object | undefined;
  readonly values?: Readonly<Record<string, number>> | undefined;
  readonly circuit: Group;
  readonly task: Group;
  readonly learner?: Group;
}

/** How a part is read. */
interface Reading {
  readonly locator: Locator;
  /** Whether even a circuit of another name has the options of the file's. */
  readonly keepsCircuit?: boolean;
}

const GROUPS = ['circuit', 'task', 'learner'] as const;
const SUBJECTS = ['space', 'rule', 'rules', 'descent'] as const;

/** Whether a part has a subject of its own, so that it has nothing of that of the file. */
export const hasSubject = (own: Partial<Own>): boolean =>
  SUBJECTS.some((name) => own[name] !== undefined);

/**
 * The experiment that a part makes of its file, to be checked as any other. Options differ one by one;
 * a circuit of another name has none of the file's, and a task of another name keeps what all few-shot
 * tasks have: ways, shots, queries and the like. What the part says itself is told at its place.
 */
export function partWritten(
  base: Group,
  own: Own,
  at: Path,
  { locator, keepsCircuit = false }: Reading,
): WrittenExperiment {
  const { space: _, rule: __, ...others } = base;
  const said = [...SUBJECTS, 'values' as const].filter((name) => own[name] !== undefined);
  const groups = GROUPS.map((name) => {
    const isKept = (option: string): boolean =>
      name === 'circuit' ? keepsCircuit : name === 'task' && isShared(option, own.task);
    return [name, together(base[name], own[name], isKept)] as const;
  });
  const value = {
    // Rules of other projections may stand beside a space.
    ...(hasSubject(own) ? others : base),
    ...Object.fromEntries(said.map((name) => [name, own[name]])),
    ...Object.fromEntries(groups.filter(([, group]) => group !== undefined)),
    ...(own.values && { values: { ...(base.values as object | undefined), ...own.values } }),
  };
  const isOther = [own.circuit, own.task].some((group) => Object.keys(group).length > 0);
  const placed = (path: Path): Path => {
    const [first, second] = path as string[];
    const group = GROUPS.find((name) => name === first);
    const isOwn = group
      ? second === undefined
        ? isOther
        : Object.hasOwn(own[group] ?? {}, second)
      : said.some((name) => name === first) &&
        (first !== 'values' || second === undefined || Object.hasOwn(own.values ?? {}, second));
    // What the file lacks, the part lacks too: there it can be said for all.
    return isOwn ? [...at, ...path] : path;
  };
  return {
    value,
    locator: {
      where: (path, part) => locator.where(placed(path), part),
      name: (path) => locator.name(path),
    },
  };
}

/** Whether a task of another name has an option in common with that of the file. */
const isShared = (option: string, { name }: Group): boolean =>
  Object.hasOwn(fewShotOptions, option) && !SEQUENCES.some((each) => each.name === name);

function together(base: unknown, own: Group = {}, isKept: (option: string) => boolean): unknown {
  if (Object.keys(own).length === 0) return base;
  if (typeof base !== 'object' || base === null) return own;
  const isOther = own.name !== undefined && own.name !== (base as Group).name;
  const before = Object.entries(base).filter(([option]) => !isOther || isKept(option));
  return { ...Object.fromEntries(before), ...own };
}

/** A fault of the file is a fault of each of its parts, and told once. */
export function distinct(all: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return all.filter(({ code, message, span }) => {
    const key = `${code} ${span?.start} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
