/** A piece of code, and what it is to the language; `null`, if it is nothing in particular. */
export interface Token {
  readonly kind: "comment" | "string" | "number" | "word" | null;
  readonly text: string;
}

/** Words that programming languages keep for themselves, of the common ones together: a wrong colour now and then harms nobody. */
const KEYWORDS = new Set(
  `abstract and as assert async await bool boolean break case catch char class const continue crate def default defer del do done
  double dyn elif else end enum esac except export extends extern false fi final finally float fn for from func function go goto if
  impl implements import in include instanceof int interface is let local long loop match mod module move mut namespace new nil None
  not null of or override package pass private protected pub public raise ref return self Self short sizeof static struct super
  switch template then this throw trait true True False try type typedef typeof union unsafe unsigned use using var virtual void
  while with yield select from where insert update delete create table join on group by order`.split(/\s+/),
);

/** Languages in which `#` begins a comment. */
const HASH = new Set(["sh", "bash", "shell", "zsh", "py", "python", "rb", "ruby", "toml", "yaml", "yml", "dockerfile", "makefile", "perl"]);

/** Characters, above which code is shown plain. */
const LENGTH_MAX = 4000;

/** Code in pieces, for colours. Without a language it is one piece. */
export function highlight(code: string, language: string): readonly Token[] {
  if (language === "" || code.length > LENGTH_MAX) return [{ kind: null, text: code }];
  const comment = HASH.has(language) ? "#[^\\n]*" : language === "sql" || language === "lua" ? "--[^\\n]*" : "\\/\\/[^\\n]*|\\/\\*[\\s\\S]*?\\*\\/";
  const pattern = new RegExp(`(${comment})|("(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'|\`(?:\\\\.|[^\`\\\\])*\`)|\\b(\\d[\\w.]*)\\b|([A-Za-z_]\\w*)`, "g");
  const tokens: Token[] = [];
  let at = 0;
  for (const found of code.matchAll(pattern)) {
    const [text, comment, string, number, word] = found;
    const kind = comment !== undefined ? "comment" : string !== undefined ? "string" : number !== undefined ? "number" : KEYWORDS.has(word ?? "") ? "word" : null;
    if (kind === null) continue;
    if (found.index > at) tokens.push({ kind: null, text: code.slice(at, found.index) });
    tokens.push({ kind, text });
    at = found.index + text.length;
  }
  if (at < code.length) tokens.push({ kind: null, text: code.slice(at) });
  return tokens;
}
