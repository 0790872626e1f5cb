import nearley from 'nearley';
import grammar from '../../../grammar/engrammar.generated.js';
import type { Token } from '../../../grammar/lexer.js';
import { type Expected, expectedFrom, type GrammarSymbol } from './expected.js';

/** The parts of nearley's chart that are read here; its types leave them out. */
interface Column {
  readonly index: number;
  readonly scannable: readonly {
    readonly rule: { readonly symbols: readonly GrammarSymbol[] };
    readonly dot: number;
  }[];
}

interface Chart {
  table: Column[];
  current: number;
  results: unknown[];
  reportError: () => string;
}

/** Where a chart can be set back to. */
export type Mark = number;

/**
 * nearley's parser, fed from a list of tokens, that can say what it expected and be set back to an
 * earlier place. Both start symbols share one grammar.
 */
export class Reader {
  readonly #parser: nearley.Parser & Chart;
  #queue: readonly Token[] = [];
  #next = 0;

  constructor(start: 'file' | 'item' | 'expr') {
    const lexer: nearley.Lexer = {
      reset: () => undefined,
      next: () => this.#queue[this.#next++],
      save: () => ({}),
      formatError: () => '',
    };
    const compiled = { ...grammar, ParserStart: start } as unknown as nearley.CompiledRules;
    this.#parser = new nearley.Parser(nearley.Grammar.fromCompiled(compiled), {
      lexer,
      keepHistory: true,
    }) as nearley.Parser & Chart;
    // nearley would print its whole chart into the message.
    this.#parser.reportError = () => '';
  }

  /** Takes one token; false (and nothing taken) when it does not fit. */
  take(token: Token): boolean {
    return this.takeAll([token]) === 1;
  }

  /** Takes tokens until one does not fit; says how many were taken. */
  takeAll(tokens: readonly Token[]): number {
    const before = this.#parser.current;
    this.#queue = tokens;
    this.#next = 0;
    try {
      this.#parser.feed('');
    } catch (error) {
      if (!(error instanceof Error && 'token' in error)) throw error;
      this.#parser.table.length = this.#parser.current + 1;
    }
    return this.#parser.current - before;
  }

  get mark(): Mark {
    return this.#parser.current;
  }

  back(mark: Mark): void {
    this.#parser.table.length = mark + 1;
    this.#parser.current = mark;
  }

  get expected(): Expected {
    const column = this.#parser.table[this.#parser.current];
    const symbols = column?.scannable.map((s) => s.rule.symbols[s.dot]!) ?? [];
    return expectedFrom(symbols);
  }

  /** All parses of what was taken: one, or none where something is missing. */
  get results(): readonly unknown[] {
    return this.#parser.finish();
  }
}
