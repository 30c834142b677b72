/** Characters of a message, at most. The server's limit. */
export const MESSAGE_CHARS_MAX = 2000;

/** Makes a text area as high as its text. */
export function grow(area: HTMLTextAreaElement): void {
  area.style.height = "auto";
  // Nothing has a height while it is not shown.
  if (area.scrollHeight > 0) area.style.height = `${area.scrollHeight}px`;
}

/** The text of `area` with `piece` in the place of what is selected; the cursor is put behind it. */
export function put(area: HTMLTextAreaElement, piece: string, from = area.selectionStart, to = area.selectionEnd): string {
  const text = area.value.slice(0, from) + piece + area.value.slice(to);
  area.value = text;
  area.setSelectionRange(from + piece.length, from + piece.length);
  return text;
}
