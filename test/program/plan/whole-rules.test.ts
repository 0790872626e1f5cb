import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../../src/base/random.js';
import { EngrammarError } from '../../../src/base/result.js';
import type { EpisodeResult } from '../../../src/engine/engine.js';
import { prepareInterpreter } from '../../../src/engine/interpret/interpret.js';
import { planEpisode } from '../../../src/program/plan/plan-episode.js';
import { worstSlot } from '../../support/against-literal.js';
import { rulesIn } from '../../support/corpus.js';
import { runPlanned } from '../../support/planned.js';
import {
  everything,
  type Replayed,
  type ReplaySetting,
  randomTimeline,
  replayed,
} from '../../support/replayed.js';
import { wholeRule } from '../../support/whole-rules.js';

const PROGRAMS = 170;

interface Case {
  readonly text: string;
  readonly made: Replayed;
  readonly wanted: EpisodeResult;
}

const cases: Case[] = [];

beforeAll(async () => {
  for (let seed = 0; seed < PROGRAMS; seed++) {
    const stream = new Stream(seed, 'planned rules');
    const setting: ReplaySetting = {
      preSize: 4,
      postSize: 3,
      stepLength: stream.uniform() < 0.5 ? null : 2,
      masked: stream.uniform() < 0.4,
      streams: stream.uniform() < 0.4 ? 2 : 1,
      timeline: randomTimeline(stream),
    };
    const table = everything('forward', setting.stepLength);
    const text = wholeRule(table, 50_000 + seed, { kinds: ['draw', 'whiten'], wide: true });
    try {
      const made = replayed(rulesIn({ name: 'made.rule', text }), setting, stream);
      const [wanted] = await prepareInterpreter(made.program).run([made.episode], made.parameters, {
        gradient: true,
        startGradient: true,
        states: true,
        record: { slots: made.program.observed.map(({ name }) => name), every: 1 },
      });
      if (!wanted!.divergence) cases.push({ text, made, wanted: wanted! });
    } catch (error) {
      const isLate = error instanceof EngrammarError && error.diagnostics[0]?.code === 'E446';
      if (!isLate) throw new Error(`${text}\n${error}`);
    }
  }
}, 60_000);

describe('plans of rules made at random', () => {
  it('give what the interpreter gives', () => {
    let worst = 0;
    const kept: string[] = [];
    for (const { text, made, wanted } of cases) {
      const plan = planEpisode(made.program);
      for (const segment of [1, 7, 1000]) {
        const got = runPlanned(plan, made.episode, made.parameters, { segment });
        const all = { ...got.states, ...got.record, gradient: got.gradient };
        const expected = { ...wanted.states, ...wanted.record, gradient: wanted.gradient! };
        const found = worstSlot(all, expected);
        const start = worstSlot(got.startGradient, wanted.startGradient!);
        const distance = Math.max(found.distance, start.distance);
        worst = Math.max(worst, distance);
        if (!(distance < 1e-10)) {
          throw new Error(`${JSON.stringify({ found, start, segment })}\n${text}`);
        }
      }
      kept.push(...plan.notes.filter((note) => note.includes('kept whole')));
    }
    console.log(`${cases.length} programs, worst ${worst.toExponential(1)}`);
    expect(cases.length).toBeGreaterThanOrEqual(150);
  }, 60_000);
});
