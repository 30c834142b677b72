import { createSignal } from "solid-js";
import { words } from "../../words/words";
import { IconButton } from "../common/IconButton";
import { For } from "solid-js";
import { highlight } from "../../model/highlight";

/** A block of code, and the button that copies it. */
export function Code(props: { text: string; language: string }) {
  const [isCopied, setCopied] = createSignal(false);
  const copy = () => void navigator.clipboard?.writeText(props.text).then(() => setCopied(true), () => undefined);
  return (
    <span class="code">
      <pre tabindex="0"><code><For each={highlight(props.text, props.language)}>{(token) => (token.kind === null ? token.text : <span class={`code-${token.kind}`}>{token.text}</span>)}</For></code></pre>
      <IconButton icon={isCopied() ? "check" : "copy"} label={isCopied() ? words().common.copied : words().chat.codeCopy} onClick={copy} />
    </span>
  );
}
