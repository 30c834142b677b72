import { createUniqueId, onMount, Show, splitProps, type ComponentProps } from "solid-js";
import { Icon } from "../icon/Icon";

interface Props extends ComponentProps<"input"> {
  label: string;
  hint?: string | undefined;
  /** What is wrong with what stands in it. */
  wrong?: string | undefined;
  isFirst?: boolean;
}

/** A line to fill in, with its label, and what is to be known of it. */
export function Field(props: Props) {
  const [own, rest] = splitProps(props, ["label", "hint", "wrong", "isFirst"]);
  const id = createUniqueId();
  let input!: HTMLInputElement;
  onMount(() => own.isFirst && input.focus());
  return (
    <div class="field" data-wrong={own.wrong === undefined ? undefined : ""}>
      <label for={id}>{own.label}</label>
      <input ref={input} id={id} aria-invalid={own.wrong !== undefined} aria-describedby={`${id}-about`} {...rest} />
      <span id={`${id}-about`} role={own.wrong === undefined ? undefined : "alert"}>
        <Show when={own.wrong} fallback={<Show when={own.hint}>{(hint) => <span class="hint">{hint()}</span>}</Show>}>
          {(wrong) => (
            <span class="wrong">
              <Icon name="circle-alert" />
              {wrong()}
            </span>
          )}
        </Show>
      </span>
    </div>
  );
}
