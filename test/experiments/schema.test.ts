import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/base/package-root.js';
import { standardExperiments } from '../../src/experiments/load.js';
import { experimentSchema, type SchemaPart } from '../../src/experiments/options.js';
import { loadAnyExperiment } from '../../src/experiments/sweep.js';
import { TASKS } from '../../src/tasks/registry.js';

const file = join(packageRoot(), 'docs', 'experiment.schema.json');

describe('the published schema', () => {
  it('is current (rewrite with UPDATE_SCHEMA=1 npx vitest run test/experiments)', () => {
    if (process.env.UPDATE_SCHEMA) {
      writeFileSync(file, `${JSON.stringify(experimentSchema(), null, 2)}\n`);
      // Laid out as `npm test` wants it.
      const biome = join(packageRoot(), 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
      execFileSync(process.execPath, [biome, 'format', '--write', file], { cwd: packageRoot() });
    }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(experimentSchema());
  });

  it('describes every option, and gives every optional one a default or a reason', () => {
    const bare: string[] = [];
    const walk = (part: SchemaPart, path: string): void => {
      for (const one of part.oneOf ?? []) walk(one, path);
      for (const [key, inner] of Object.entries(part.properties ?? {})) {
        if (!inner.description && inner.const === undefined) bare.push(`${path}${key}`);
        walk(inner, `${path}${key}.`);
      }
    };
    walk(experimentSchema() as SchemaPart, '');
    expect(bare).toEqual([]);
  });

  it('knows the tasks of the registry, and their options', () => {
    const { properties } = experimentSchema() as SchemaPart;
    const kinds = (properties?.task?.oneOf ?? []).map((one) => ({
      name: one.properties?.name?.const,
      options: Object.keys(one.properties ?? {}).filter((key) => key !== 'name'),
    }));
    expect(kinds).toEqual(
      TASKS.map(({ name, options }) => ({ name, options: options.map((o) => o.name) })),
    );
  });
});

describe('standard experiments', () => {
  it.each(standardExperiments())('%s is sound', (name) => {
    const result = loadAnyExperiment(name);
    expect(result.ok ? [] : result.diagnostics).toEqual([]);
    if (!result.ok) return;
    const { value } = result;
    const experiments = 'cells' in value ? value.cells.map((cell) => cell.experiment) : [value];
    for (const { subject } of experiments) if (subject) expect(existsSync(subject.file)).toBe(true);
  });

  it('include digits', () => {
    expect(standardExperiments()).toContain('digits');
  });
});
