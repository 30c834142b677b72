/** How close to the end one is when one counts as being there, in pixels. */
const END_PX = 24;

/**
 * Keeps the place in a list that grows above and below. Whoever is at its end stays there; whoever is not goes on seeing the
 * same row at the same height, whatever is put before it or changes its size.
 */
export class ScrollKeeper {
  private anchor: { readonly row: HTMLElement; readonly top: number } | null = null;
  private isPinned = true;
  private readonly sizes: ResizeObserver;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly content: HTMLElement,
    private readonly onMove: () => void,
    /** Whether the end of the list is the end of what there is. */
    private readonly isWhole: () => boolean,
  ) {
    this.sizes = new ResizeObserver(() => this.restore());
    this.sizes.observe(content);
    this.sizes.observe(scroller);
    scroller.addEventListener("scroll", this.moved, { passive: true });
  }

  stop(): void {
    this.sizes.disconnect();
    this.scroller.removeEventListener("scroll", this.moved);
  }

  /** Whether the end is in sight. */
  get isAtEnd(): boolean {
    return this.below < END_PX;
  }

  /** Pixels of the list above what is seen. */
  get above(): number {
    return this.scroller.scrollTop;
  }

  /** Pixels of the list below what is seen. */
  get below(): number {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
  }

  /** Begins at `row`, near the top, or else at the end. */
  begin(row: HTMLElement | null): void {
    if (row === null) return this.toEnd();
    this.scrollTo(row.offsetTop - this.scroller.clientHeight * 0.2);
  }

  /** Brings `row` into the middle. */
  show(row: HTMLElement): void {
    this.scrollTo(row.offsetTop - (this.scroller.clientHeight - row.offsetHeight) / 2);
  }

  toEnd(): void {
    this.isPinned = true;
    this.restore();
    this.onMove();
  }

  /** Goes back to the place, after the list has changed. */
  restore(): void {
    if (this.isPinned) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      return;
    }
    if (this.anchor === null || !this.anchor.row.isConnected) return;
    const moved = this.anchor.row.offsetTop - this.scroller.scrollTop - this.anchor.top;
    if (moved !== 0) this.scroller.scrollTop += moved;
  }

  private scrollTo(top: number): void {
    this.scroller.scrollTop = top;
    this.moved();
  }

  private moved = (): void => {
    this.isPinned = this.isAtEnd && this.isWhole();
    this.anchor = this.isPinned ? null : this.firstInSight();
    this.onMove();
  };

  private firstInSight(): { readonly row: HTMLElement; readonly top: number } | null {
    const rows = this.content.children;
    let [low, high] = [0, rows.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle] as HTMLElement;
      if (row.offsetTop + row.offsetHeight <= this.scroller.scrollTop) low = middle + 1;
      else high = middle;
    }
    const row = rows[low] as HTMLElement | undefined;
    return row === undefined ? null : { row, top: row.offsetTop - this.scroller.scrollTop };
  }
}
