import { describe, inject, it } from 'vitest';

/** What some tests need beyond Node: a TeX engine, a native TensorFlow. */
export type Requirement = 'tex' | 'tensorflow';

declare module 'vitest' {
  interface TaskMeta {
    /** Set on tests that were skipped because this machine lacks something. */
    missing?: string;
  }
}

/**
 * A `describe` whose tests need something that a machine with only Node lacks. Where it is missing
 * they are skipped, and the run closes with a list of them; with ENGRAMMAR_REQUIRE_ALL=1 in the
 * environment the missing thing is a failed test instead.
 */
export function describeWith(requirement: Requirement, name: string, body: () => void): void {
  const missing = whyMissing(requirement);
  if (missing === '') describe(name, body);
  else if (process.env.ENGRAMMAR_REQUIRE_ALL === '1') describe(name, () => fail(missing));
  else describe(name, { skip: true, meta: { missing } }, body);
}

/** The same for a single test. */
export function testWith(
  requirement: Requirement,
  name: string,
  body: () => void | Promise<void>,
): void {
  const missing = whyMissing(requirement);
  if (missing === '') it(name, body);
  else if (process.env.ENGRAMMAR_REQUIRE_ALL === '1') describe(name, () => fail(missing));
  else it(name, { skip: true, meta: { missing } }, body);
}

function whyMissing(requirement: Requirement): string {
  const reason = inject('missing')[requirement];
  return reason === '' ? '' : `${requirement} is missing: ${reason}`;
}

function fail(missing: string): void {
  it('has what it needs', () => {
    throw new Error(`ENGRAMMAR_REQUIRE_ALL=1, but ${missing}`);
  });
}
