import { createUniqueId, For } from "solid-js";

/** One of a few. */
export function Choice<T extends string>(props: { label: string; value: T; of: readonly (readonly [T, string])[]; onChoose: (value: T) => void }) {
  const id = createUniqueId();
  return (
    <fieldset class="choice-set">
      <legend class="label">{props.label}</legend>
      <div class="choices">
        <For each={props.of}>
          {([value, label]) => (
            <label class="choice">
              <input type="radio" name={id} checked={props.value === value} onChange={() => props.onChoose(value)} />
              {label}
            </label>
          )}
        </For>
      </div>
    </fieldset>
  );
}
