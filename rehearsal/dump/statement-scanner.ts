/**
 * Finds where a statement of an SQL script ends, by the rules psql reads scripts by. Works on text that holds one
 * character per byte, so it is indifferent to the encoding as long as that leaves ASCII alone.
 *
 * A semicolon ends a statement except in a quote, a comment, parentheses (rules hold several statements) or the body
 * of a function between BEGIN ATOMIC and END.
 */
export class StatementScanner {
  /** Where the statement's first word or sign is; -1 while there was only space and comment. */
  start = -1;
  /** The statement's words outside of quotes and parentheses, in lower case, as many as anybody asks about. */
  readonly words: string[] = [];
  private at = 0;
  private mode: Mode = { kind: 'plain' };
  private parentheses = 0;
  private bodies = 0;
  /** Words like `a.b`'s quoted parts count as words nobody knows. */
  private static readonly QUOTED = '"';
  private static readonly MOST_WORDS = 32;

  /** @param plainQuotesEscape whether a backslash escapes in '...' too (standard_conforming_strings is off) */
  constructor(private readonly plainQuotesEscape: boolean) {}

  /**
   * Goes on in a text that begins with what was scanned before.
   * @param complete whether the text ends here; otherwise `more` may be answered to get a longer text
   * @returns where the statement or the space before a meta-command ends, or what is missing
   */
  scan(text: string, complete: boolean): ScanResult {
    while (this.at < text.length) {
      const before = this.at;
      const found = this.step(text, complete);
      if (found) return found;
      if (this.at === before) return { kind: 'more' };
    }
    if (!complete) return { kind: 'more' };
    if (this.mode.kind === 'plain') return { kind: 'end' };
    return { kind: 'unterminated', what: this.mode.kind, from: this.mode.from };
  }

  /** Takes one token, or as much of one as there is. Leaves `at` where it is when it must see more first. */
  private step(text: string, complete: boolean): ScanResult | undefined {
    switch (this.mode.kind) {
      case 'plain':
        return this.plain(text, complete);
      case 'comment':
        this.comment(text, complete, this.mode);
        return undefined;
      case 'dollar quote':
        this.dollarQuote(text, complete, this.mode);
        return undefined;
      default:
        this.quote(text, complete, this.mode);
        return undefined;
    }
  }

  private plain(text: string, complete: boolean): ScanResult | undefined {
    const sign = text[this.at];
    if (isSpace(sign)) {
      this.at += 1;
      return undefined;
    }
    if (sign === '-' || sign === '/') {
      if (this.at + 1 === text.length && !complete) return undefined;
      if (text.startsWith('--', this.at)) return this.lineComment(text, complete);
      if (text.startsWith('/*', this.at)) return this.enter({ kind: 'comment', from: this.at, depth: 1 }, 2);
    }
    // A backslash begins a meta-command wherever it is; what came before stays a statement to be ended.
    if (sign === '\\') return { kind: 'meta', at: this.at, inside: this.start >= 0 };
    return this.significant(text, complete, sign);
  }

  private significant(text: string, complete: boolean, sign: string): ScanResult | undefined {
    if (isWordPart(sign) && sign !== '$') return this.word(text, complete);
    if (sign === '$') return this.dollar(text, complete);
    if (this.start < 0) this.start = this.at;
    if (sign === `'`) {
      return this.enter({ kind: 'quote', from: this.at, sign, escapes: this.plainQuotesEscape }, 1);
    }
    if (sign === '"') {
      this.remember(StatementScanner.QUOTED);
      return this.enter({ kind: 'quoted name', from: this.at, sign, escapes: false }, 1);
    }
    this.at += 1;
    if (sign === '(') this.parentheses += 1;
    else if (sign === ')') this.parentheses = Math.max(0, this.parentheses - 1);
    else if (sign === ';' && this.parentheses === 0 && this.bodies === 0) return { kind: 'statement', end: this.at };
    return undefined;
  }

  private word(text: string, complete: boolean): undefined {
    let end = this.at + 1;
    while (end < text.length && isWordPart(text[end])) end += 1;
    // The quote that follows an E belongs to it.
    if (end === text.length && !complete) return;
    if (this.start < 0) this.start = this.at;
    const word = text.slice(this.at, end).toLowerCase();
    const from = this.at;
    this.at = end;
    if (word === 'e' && text[end] === `'`) {
      this.enter({ kind: 'quote', from, sign: `'`, escapes: true }, 1);
      return;
    }
    this.remember(word);
    this.countBodies(word);
  }

  /** BEGIN and CASE open and END closes, but only in what creates a function or procedure. */
  private countBodies(word: string): void {
    if (this.parentheses > 0) return;
    if (word === 'begin') {
      if (this.createsRoutine()) this.bodies += 1;
    } else if (this.bodies > 0) {
      if (word === 'case') this.bodies += 1;
      else if (word === 'end') this.bodies -= 1;
    }
  }

  private createsRoutine(): boolean {
    const [first, ...rest] = this.words;
    const [what] = rest[0] === 'or' && rest[1] === 'replace' ? rest.slice(2) : rest;
    return first === 'create' && (what === 'function' || what === 'procedure');
  }

  private remember(word: string): void {
    if (this.parentheses === 0 && this.words.length < StatementScanner.MOST_WORDS) this.words.push(word);
  }

  /** `$tag$` begins a quote, `$1` is a parameter, and anything else is just a sign. */
  private dollar(text: string, complete: boolean): undefined {
    let end = this.at + 1;
    while (end < text.length && isWordPart(text[end]) && text[end] !== '$') end += 1;
    if (end === text.length && !complete) return;
    if (this.start < 0) this.start = this.at;
    const isTag = text[end] === '$' && !isDigit(text[this.at + 1]);
    if (isTag)
      this.enter({ kind: 'dollar quote', from: this.at, tag: text.slice(this.at, end + 1) }, end + 1 - this.at);
    else this.at = end;
  }

  private dollarQuote(text: string, complete: boolean, { tag }: DollarQuote): void {
    const end = text.indexOf(tag, this.at);
    if (end >= 0) this.leave(end + tag.length);
    // The tag may have begun at the end of what we have.
    else this.at = complete ? text.length : Math.max(this.at, text.length - tag.length + 1);
  }

  private lineComment(text: string, complete: boolean): undefined {
    const end = text.indexOf('\n', this.at);
    if (end >= 0) this.at = end + 1;
    else if (complete) this.at = text.length;
  }

  private comment(text: string, complete: boolean, comment: Comment): void {
    COMMENT_SIGN.lastIndex = this.at;
    const found = COMMENT_SIGN.exec(text);
    if (!found) {
      this.at = complete ? text.length : Math.max(this.at, text.length - 1);
      return;
    }
    this.at = COMMENT_SIGN.lastIndex;
    comment.depth += found[0] === '/*' ? 1 : -1;
    if (comment.depth === 0) this.leave(this.at);
  }

  private quote(text: string, complete: boolean, quote: Quote): void {
    const sign = quote.escapes ? ESCAPING_QUOTE_SIGN : quote.sign === '"' ? NAME_SIGN : QUOTE_SIGN;
    sign.lastIndex = this.at;
    const found = sign.exec(text);
    if (!found) {
      this.at = text.length;
      return;
    }
    const after = found.index + 1;
    this.at = found.index;
    if (after === text.length && !complete) return;
    if (found[0] === '\\' || text[after] === quote.sign) {
      this.at = Math.min(after + 1, text.length);
      return;
    }
    const next = quote.escapes ? continuation(text, after) : after;
    if (next === text.length && !complete) return;
    if (next > after && text[next] === quote.sign) this.at = next + 1;
    else this.leave(after);
  }

  private enter(mode: Mode, length: number): undefined {
    this.mode = mode;
    this.at += length;
  }

  private leave(at: number): void {
    this.mode = { kind: 'plain' };
    this.at = at;
  }
}

export type ScanResult =
  | { readonly kind: 'statement'; readonly end: number }
  /** A backslash; `inside` when a statement has begun and not ended. */
  | { readonly kind: 'meta'; readonly at: number; readonly inside: boolean }
  | { readonly kind: 'more' }
  | { readonly kind: 'end' }
  | { readonly kind: 'unterminated'; readonly what: string; readonly from: number };

interface Quote {
  readonly kind: 'quote' | 'quoted name';
  readonly from: number;
  readonly sign: string;
  readonly escapes: boolean;
}
interface DollarQuote {
  readonly kind: 'dollar quote';
  readonly from: number;
  readonly tag: string;
}
interface Comment {
  readonly kind: 'comment';
  readonly from: number;
  depth: number;
}
type Mode = { readonly kind: 'plain' } | Quote | DollarQuote | Comment;

const COMMENT_SIGN = /\/\*|\*\//g;
const QUOTE_SIGN = /'/g;
const NAME_SIGN = /"/g;
const ESCAPING_QUOTE_SIGN = /['\\]/g;

function isSpace(sign: string): boolean {
  return sign === ' ' || sign === '\n' || sign === '\r' || sign === '\t' || sign === '\f' || sign === '\v';
}

function isDigit(sign: string | undefined): boolean {
  return sign !== undefined && sign >= '0' && sign <= '9';
}

/** Every byte above ASCII is a letter to PostgreSQL. */
function isWordPart(sign: string): boolean {
  return (
    (sign >= 'a' && sign <= 'z') ||
    (sign >= 'A' && sign <= 'Z') ||
    isDigit(sign) ||
    sign === '_' ||
    sign === '$' ||
    sign > '\x7f'
  );
}

/** A quote goes on in the next literal when only space with a line break lies between. */
function continuation(text: string, after: number): number {
  let at = after;
  while (at < text.length && isSpace(text[at])) at += 1;
  return at === text.length || text.slice(after, at).includes('\n') ? at : after;
}
