import { renderDiagnostics } from '../base/diagnostics/render.js';
import { EngrammarError } from '../base/result.js';

/** What a matcher found. */
export interface Verdict {
  readonly pass: boolean;
  /** Why it does not pass; or, where it should not have passed, that it does. */
  readonly message: string;
  /** The question could not be asked: neither `expect(…)` nor `expect(…).not` may pass. */
  readonly unanswered?: true;
}

/** The verdict, or what was wrong with what was given: bad input never passes a test. */
export async function judged(work: () => Verdict | Promise<Verdict>): Promise<Verdict> {
  try {
    return await work();
  } catch (error) {
    return unanswered(error);
  }
}

/** As `judged`, for work that is done at once. */
export function judgedNow(work: () => Verdict): Verdict {
  try {
    return work();
  } catch (error) {
    return unanswered(error);
  }
}

function unanswered(error: unknown): Verdict {
  if (!(error instanceof EngrammarError)) throw error;
  return { pass: false, unanswered: true, message: renderDiagnostics(error.diagnostics) };
}
