/** The 47 classes of EMNIST "balanced", in its order. */
export const CLASSES = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt';

/**
 * Letters whose two forms EMNIST puts into one class, since they differ in size only or nearly so.
 * Of l there is no lower-case form here: in most hands it is the very same bar as I.
 */
const TWO_FORMS = 'CIJKMOPSUVWXYZ';

/** The character to draw for example `k` of a class: for classes of two forms, in turn. */
export function characterOf(label: number, k: number): string {
  const name = CLASSES[label]!;
  return TWO_FORMS.includes(name) && k % 2 === 1 ? name.toLowerCase() : name;
}
