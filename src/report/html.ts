/** Markup that is safe to put into a page as it stands. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | readonly Part[] | null | false;

/** A piece of a page: whatever is no markup already is escaped; null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = strings[0]!;
  parts.forEach((part, k) => {
    markup += written(part) + strings[k + 1]!;
  });
  return { markup };
}

/** Markup made elsewhere, such as a drawing. */
export const raw = (markup: string): Html => ({ markup });

/** Text in which `<`, `&` and quotes are themselves. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function written(part: Part): string {
  if (part === null || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (isList(part)) return part.map(written).join('');
  return part.markup;
}

const isList = (part: Part): part is readonly Part[] => Array.isArray(part);
