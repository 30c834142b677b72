import { pane, showPane, type Pane } from "./overlay";

/** How far a finger goes, at least, in pixels, and how much more sideways than up or down. */
const FAR = 60;
const STEEP = 1.6;

const PANES: readonly Pane[] = ["list", "chat", "members"];

/** On a phone, a finger pulls the next pane in. */
export function swipes(element: HTMLElement): void {
  let from: { readonly x: number; readonly y: number } | null = null;
  element.addEventListener("touchstart", (event) => {
    const touch = event.touches[0];
    // Code and tables scroll sideways by themselves.
    const scrolls = event.target instanceof Element && event.target.closest("pre, .scrolls-sideways") !== null;
    from = touch === undefined || event.touches.length > 1 || scrolls ? null : { x: touch.clientX, y: touch.clientY };
  }, { passive: true });
  element.addEventListener("touchend", (event) => {
    const touch = event.changedTouches[0];
    if (from === null || touch === undefined) return;
    const [dx, dy] = [touch.clientX - from.x, touch.clientY - from.y];
    from = null;
    if (Math.abs(dx) < FAR || Math.abs(dx) < Math.abs(dy) * STEEP) return;
    const next = PANES[PANES.indexOf(pane()) + (dx > 0 ? -1 : 1)];
    if (next !== undefined) showPane(next);
  }, { passive: true });
}
