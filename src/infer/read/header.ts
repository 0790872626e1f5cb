import type { Where } from '../../base/diagnostics/diagnostic.js';
import { columnTwice, columnUnnamed } from '../../base/diagnostics/recording.js';
import { failure, type Result, success } from '../../base/result.js';

/** The names of columns, trimmed; columns without a name stay empty, with a warning. A name twice is a fault. */
export function headerOf(fields: readonly string[], where: Where): Result<string[]> {
  const names = fields.map((field) => field.replace(/^\ufeff/, '').trim());
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined) {
    const places = names.flatMap((name, at) => (name === twice ? [at + 1] : []));
    return failure(columnTwice({ name: twice, places }, where));
  }
  const unnamed = names.flatMap((name, at) => (name === '' ? [at + 1] : []));
  return success(names, unnamed.length > 0 ? [columnUnnamed({ places: unnamed }, where)] : []);
}
