import { createSignal } from "solid-js";
import { Problem } from "../../api/problem";
import { words } from "../../words/words";

/** What a form needs while it is sent: whether it is, and what was wrong with it. */
export function createForm() {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem | null>(null);
  return {
    isBusy,
    /** What is wrong with a field. */
    wrong: (field: string): string | undefined => problem()?.fields[field],
    /** What is wrong with all of it. */
    failure: (): string | undefined => {
      const told = problem();
      return told === null || Object.keys(told.fields).length > 0 ? undefined : said(told);
    },
    /** Does `work`, unless it is being done; what goes wrong is told in the form. */
    async run(work: () => Promise<void>): Promise<void> {
      if (isBusy()) return;
      setBusy(true);
      setProblem(null);
      try {
        await work();
      } catch (error) {
        setProblem(error instanceof Problem ? error : new Problem(-1, 0, String(error)));
      } finally {
        setBusy(false);
      }
    },
  };
}

/** What a problem is, in words for people. */
export function said(problem: unknown): string {
  if (!(problem instanceof Problem)) return words().problems.generic;
  if (problem.status === 0) return words().problems.unreachable;
  if (problem.status === 429) return words().doors.tooFast(Math.ceil((problem.waitMs ?? 1000) / 1000));
  return problem.message;
}
