import { type ChildProcess, fork } from 'node:child_process';
import { runnable } from '../base/threads/runnable.js';
import type { Peak } from './peak.js';
import type { Variant } from './variants.js';
import type { Answer, Begun, Question, Turn } from './worker.js';

/** Characters of what a process said that are kept. */
const LONGEST = 4000;

/** What went wrong in a process, in words. */
export class BenchFailure extends Error {}

/** A process in which engines are timed, from the outside. */
export class BenchProcess {
  private readonly child: ChildProcess;
  /** The end of what it said on its standard error. */
  private said = '';

  constructor() {
    const { file, execArgv = [] } = runnable(new URL('./worker.js', import.meta.url));
    this.child = fork(new URL(file), [], {
      execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-LONGEST);
    });
  }

  get isAlive(): boolean {
    return this.child.connected;
  }

  peak(): Promise<Peak> {
    return this.ask<Peak>({ ask: 'peak' });
  }

  async gradient(name: string): Promise<readonly number[]> {
    const { gradient } = await this.ask<{ gradient: readonly number[] }>({ ask: 'gradient', name });
    return gradient;
  }

  begin(name: string, variant: Variant): Promise<Begun> {
    return this.ask<Begun>({ ask: 'begin', name, variant });
  }

  turn(): Promise<Turn> {
    return this.ask<Turn>({ ask: 'turn' });
  }

  /** Lets go of the case at hand; another can begin. */
  async leave(): Promise<void> {
    await this.ask({ ask: 'end' });
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  private lastWords(how: string): string {
    const reason = this.said.split('\n').findLast((line) => line.includes('Error'));
    return `its process ended (${how})${reason === undefined ? '' : `: ${reason.trim()}`}`;
  }

  private ask<A extends Answer>(question: Question): Promise<A> {
    return new Promise((resolve, reject) => {
      const { child } = this;
      const settle = (act: () => void): void => {
        child.off('message', told);
        child.off('exit', died);
        act();
      };
      const told = (answer: Answer): void =>
        settle(() => {
          if ('error' in answer) reject(new BenchFailure(answer.error));
          else resolve(answer as A);
        });
      const died = (code: number | null, signal: string | null): void =>
        settle(() => reject(new BenchFailure(this.lastWords(signal ?? `code ${code}`))));
      child.once('message', told);
      child.once('exit', died);
      if (child.connected) child.send(question);
      else died(child.exitCode, child.signalCode);
    });
  }
}
