/** How the formulas of a rule stand below each other. */

/** One formula of a rule. */
export interface LatexLine {
  readonly left: string;
  readonly relation: '=' | '\\leftarrow' | '\\sim' | '\\in' | '\\ge';
  readonly right: string;
  /** When it holds, where it starts from: what stands behind it. */
  readonly remarks: readonly string[];
}

/**
 * One formula by itself; several aligned at their relations, remarks in a column of their own. Long
 * sums are broken before a plus or minus.
 */
export function laidOut(lines: readonly LatexLine[]): string {
  const remarkOf = ({ remarks }: LatexLine): string => remarks.join(';\\; ');
  const broken = lines.map((line) => brokenSum(line.right));
  const [only] = lines;
  if (lines.length === 1 && only && broken[0]?.length === 1) {
    const remark = remarkOf(only);
    const formula = `${only.left} ${only.relation} ${only.right}`;
    return remark === '' ? formula : `${formula} \\quad ${remark}`;
  }
  const rows = lines.flatMap((line, position) => {
    const [first = '', ...more] = broken[position] ?? [];
    const remark = remarkOf(line);
    const formula = `  ${line.left} &${line.relation} ${first}`;
    return [
      remark === '' ? formula : `${formula} && ${remark}`,
      ...more.map((each) => `  &\\qquad ${each}`),
    ];
  });
  return ['\\begin{aligned}', rows.join(' \\\\\n'), '\\end{aligned}'].join('\n');
}

/** About as many letters stand side by side on a page. */
const WIDEST = 70;

/** The parts of a sum in rows that fit on a page, each but the first with its sign in front. */
function brokenSum(text: string): readonly string[] {
  if (widthOf(text) <= WIDEST) return [text];
  const rows: string[] = [];
  let row = '';
  for (const part of partsOfSum(text)) {
    if (row !== '' && widthOf(row) + widthOf(part) > WIDEST) {
      rows.push(row);
      row = part;
    } else {
      row = row === '' ? part : `${row} ${part}`;
    }
  }
  return [...rows, row];
}

/** Cut before every plus and minus that stands in no bracket. */
function partsOfSum(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at, at + 6);
    if (/^\\(begin|left)/.test(rest)) depth += 1;
    else if (/^\\(end|right)/.test(rest)) depth -= 1;
    else if ('{(['.includes(text[at]!)) depth += 1;
    else if ('})]'.includes(text[at]!)) depth -= 1;
    else if (depth === 0 && /^ [+-] /.test(rest)) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** Letters side by side; a fraction is as wide as both its sides, which errs on the safe side. */
const widthOf = (text: string): number =>
  text
    .replace(/\\(left|right|mathrm|operatorname|mathbf|text|frac)\b/g, '')
    .replace(/\\[A-Za-z]+/g, 'x')
    .replace(/[\s{}^_\\]/g, '').length;
