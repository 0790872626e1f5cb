/** Turns of phrase that several families of diagnostics share. */

export type Meant = { readonly meant?: string | undefined };
export const didYouMean = ({ meant }: Meant): { hint?: string } =>
  meant ? { hint: `did you mean \`${meant}\`?` } : {};

/** Names along a circle; of a long one the middle is left out. */
export function along(names: readonly string[]): string {
  const shown = names.length > 9 ? [...names.slice(0, 6), '…', ...names.slice(-2)] : names;
  return shown.join(' → ');
}
