/**
 * The values that a `.npy` header contains, written as Python literals. Python's `ast.literal_eval` reads them in
 * NumPy, so quotes, spaces, line ends, comments, the order of keys and a last comma are free.
 * https://docs.python.org/3/library/ast.html#ast.literal_eval
 */
export type PythonValue = string | number | boolean | null | PythonSequence | Map<PythonValue, PythonValue>;

/** A tuple or a list. */
export interface PythonSequence {
  kind: 'tuple' | 'list';
  items: PythonValue[];
}

// One token after any spaces and comments. Python 2 ends long numbers with L.
const TOKEN =
  /(?:\s|#[^\n]*)*(?:([{}()[\]:,])|([+-]?\d[\d_]*)L?|(True|False|None)|[uUbBrR]{0,2}('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))/y;
const END = /(?:\s|#[^\n]*)*$/y;

// No header is deeper than a structured type inside a structured type.
const DEEPEST = 32;

/**
 * The value that a Python literal stands for.
 *
 * @throws SyntaxError for any other text
 */
export function parsePython(text: string): PythonValue {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    END.lastIndex = position;
    if (END.test(text)) return new LiteralParser(tokens).whole();
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`unexpected text at character ${position}`);
    position = TOKEN.lastIndex;
    const [, mark, number, word, quoted] = match;
    if (mark !== undefined) tokens.push({ mark });
    else if (number !== undefined) tokens.push({ value: Number(number.replaceAll('_', '')) });
    else if (word !== undefined) tokens.push({ value: word === 'None' ? null : word === 'True' });
    else tokens.push({ value: quoted.slice(1, -1).replace(/\\(['"\\])/g, '$1') });
  }
}

type Token = { mark: string; value?: undefined } | { mark?: undefined; value: string | number | boolean | null };

class LiteralParser {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): PythonValue {
    const value = this.value(0);
    if (this.next !== this.tokens.length) throw new SyntaxError('more than one value');
    return value;
  }

  private value(depth: number): PythonValue {
    if (depth > DEEPEST) throw new SyntaxError('too many brackets inside brackets');
    const token = this.tokens[this.next++];
    if (token === undefined) throw new SyntaxError('the text ends too early');
    if (token.mark === undefined) return token.value;
    if (token.mark === '{') return this.dictionary(depth + 1);
    if (token.mark === '[') return { kind: 'list', items: this.items(']', depth + 1).items };
    if (token.mark !== '(') throw new SyntaxError(`unexpected ${token.mark}`);
    const { items, commas } = this.items(')', depth + 1);
    return items.length === 1 && commas === 0 ? items[0] : { kind: 'tuple', items };
  }

  private items(close: string, depth: number): { items: PythonValue[]; commas: number } {
    const items: PythonValue[] = [];
    let commas = 0;
    while (!this.accept(close)) {
      if (items.length > commas) throw new SyntaxError('a comma is missing');
      items.push(this.value(depth));
      if (this.accept(',')) commas++;
    }
    return { items, commas };
  }

  private dictionary(depth: number): Map<PythonValue, PythonValue> {
    const entries = new Map<PythonValue, PythonValue>();
    let comma = true;
    while (!this.accept('}')) {
      if (!comma) throw new SyntaxError('a comma is missing');
      const key = this.value(depth);
      if (!this.accept(':')) throw new SyntaxError('a colon is missing');
      entries.set(key, this.value(depth));
      comma = this.accept(',');
    }
    return entries;
  }

  private accept(mark: string): boolean {
    const found = this.tokens[this.next]?.mark === mark;
    if (found) this.next++;
    return found;
  }
}
