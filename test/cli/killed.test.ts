import { beforeAll, describe, expect, it } from 'vitest';
import { Stream } from '../../src/base/random.js';
import { build } from './cli.js';
import { drawMoment, finished, killedAt, killingGround, outcomeOf } from './killing.js';

/** Times a process is killed: `npm run test:kill` asks for more. */
const KILLS = Number(process.env.ENGRAMMAR_KILLS ?? 5);
/** Of one run, one after another. */
const OF_A_RUN = 10;

beforeAll(build, 300_000);

describe('a killed discovery', () => {
  it(`killed at ${KILLS} moments and resumed comes to the same, byte for byte`, async () => {
    const cwd = killingGround();
    await finished(cwd, 'whole');
    const whole = outcomeOf(cwd, 'whole');
    const stream = new Stream(Number(process.env.ENGRAMMAR_KILL_SEED ?? 1), 'kills');
    let [kills, unfinished, most] = [0, 0, 0];
    for (let run = 1; kills < KILLS; run++) {
      const name = `killed-${run}`;
      for (let k = 0; k < OF_A_RUN && kills < KILLS; k++) {
        const { killed, lost, ...rest } = await killedAt(cwd, name, drawMoment(stream));
        if (!killed) break;
        kills++;
        unfinished += rest.unfinished;
        most = Math.max(most, lost);
      }
      await finished(cwd, name).catch((error: Error) => {
        // Killed just after it was done.
        if (!error.message.includes('E617')) throw error;
      });
      expect(outcomeOf(cwd, name)).toEqual(whole);
    }
    expect(kills).toBe(KILLS);
    if (KILLS >= 50) {
      console.log(
        `${kills} kills, ${unfinished} during a write, at most ${most} meta-steps computed again`,
      );
      expect(unfinished).toBeGreaterThan(0);
    }
  }, 600_000);
});
