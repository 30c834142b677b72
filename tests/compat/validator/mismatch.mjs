/** What costs more than a wrong detail when guessing which branch of a union was meant: its telling property is wrong. */
const WRONG_KIND = 100;

/** What is wrong with `body` by `schema`: `{ path, message }` each, none if it fits. */
export function mismatches(schema, body) {
  const { success, error } = schema.safeParse(withNumbers(withZulu(body)));
  return success ? [] : error.issues.flatMap((issue) => flatten(issue, []));
}

/**
 * The same with times in `Z` rather than `+00:00`. The schemas take only the former; Discord, whose description
 * allows both, sends the latter, and libraries are used to that.
 */
function withZulu(value) {
  if (typeof value === 'string') return value.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)\+00:00$/, '$1Z');
  if (Array.isArray(value)) return value.map(withZulu);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withZulu(inner)]));
}

/**
 * The same with numbers for the codes of wrong fields. The description has them as numbers; the documentation ("Error
 * Messages"), Discord itself and the libraries have words, such as `BASE_TYPE_REQUIRED`.
 */
function withNumbers(value) {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (value === null || typeof value !== 'object') return value;
  const numbered = ([key, inner]) => [key, key === '_errors' && Array.isArray(inner) ? inner.map(numberFor) : withNumbers(inner)];
  return Object.fromEntries(Object.entries(value).map(numbered));
}

/** A word in capitals becomes a number; what is neither stays, and is found wrong. */
function numberFor(error) {
  return /^[A-Z][A-Z0-9_]+$/.test(error?.code) ? { ...error, code: 0 } : error;
}

/** An issue without unions: of one, the issues of the branch that fits best. */
function flatten(issue, outer) {
  const path = [...outer, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
    return [{ path: written(path), message: issue.message, cost: cost(issue) }];
  }
  const branches = issue.errors.map((issues) => issues.flatMap((inner) => flatten(inner, path)));
  return branches.reduce((best, branch) => (total(branch) < total(best) ? branch : best));
}

/** A literal tells the branches of a union apart, and so does being an object at all. */
function cost({ code, path }) {
  return code === 'invalid_value' || path.length === 0 ? WRONG_KIND : 1;
}

const total = (issues) => issues.reduce((sum, issue) => sum + issue.cost, 0);

/** `embeds[].title`: places in a list are left out, so that the same mistake in each is told once. */
function written(path) {
  const joined = path.map((step) => (typeof step === 'number' ? '[]' : `.${String(step)}`)).join('');
  return joined.replace(/^\./, '') || '(body)';
}
