import { flagWithoutValue } from '../base/diagnostics/usage.js';
import { UsageError } from './outcome.js';

/** A folder named with an option; an option that follows at once is no folder. */
export function folderOf(flag: string, given: string | undefined): string | undefined {
  if (given === '' || given?.startsWith('--')) {
    throw new UsageError(flagWithoutValue({ option: `${flag} <folder>` }));
  }
  return given;
}
