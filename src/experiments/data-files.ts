import type { Study } from './study.js';

/** Files of a person's own that a task reads; what comes with the package has its version. */
export function dataFilesOf(task: Study['task']): string[] {
  switch (task.name) {
    case 'images':
      return [task.images, task.labels];
    case 'recorded':
      return [String((task as { readonly file?: unknown }).file)];
    default:
      return [];
  }
}
