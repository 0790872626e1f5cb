// A process of its own for the tests of run folders: `holder.ts ACTION FOLDER`. Says on stdout what
// became of it, one word a line, and then does what the action asks.
import { createRun, openRun, type RunFolder } from '../../src/runs/folder.js';

const [, , action, folder] = process.argv as [string, string, string, string];
const facts = { name: 'test', config: { seed: 1 }, command: ['test'], seed: 1, versions: {} };

function say(word: string): void {
  process.stdout.write(`${word}\n`);
}

function begin(): RunFolder | undefined {
  const result = createRun(folder, facts);
  say(result.ok ? 'held' : result.diagnostics[0]!.code);
  return result.ok ? result.value : undefined;
}

switch (action) {
  case 'hold':
    // Until it is killed.
    if (begin()) setInterval(() => {}, 1000);
    break;
  case 'as-nobody':
    // The superuser may write anywhere; nobody may not.
    if (process.getuid?.() === 0) {
      process.setegid?.(65534);
      process.seteuid?.(65534);
    }
    begin();
    break;
  case 'race': {
    // All racers start at the same moment, as far as clocks go.
    const start = Number(process.argv[4]);
    while (Date.now() < start);
    if (begin()) setInterval(() => {}, 1000);
    break;
  }
  case 'resume-race': {
    const start = Number(process.argv[4]);
    while (Date.now() < start);
    const result = openRun(folder);
    say(result.ok ? 'held' : result.diagnostics[0]!.code);
    if (result.ok) setInterval(() => {}, 1000);
    break;
  }
  case 'write': {
    // Writes for ever: to be killed in the middle of it.
    const run = begin()!;
    for (let step = 0; ; step++) {
      run.record({ step, filler: 'x'.repeat(step % 500) });
      if (step % 10 === 9) run.saveCheckpoint({ step, filler: 'y'.repeat(20_000) });
      if (step === 50) say('writing');
    }
  }
  default:
    say('no such action');
}
