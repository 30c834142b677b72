import { Tooltip } from "@kobalte/core/tooltip";
import type { JSX } from "solid-js";

/** Something that says its name when one points at it. */
export function Tip(props: { label: string; placement?: "top" | "right" | "left" | "bottom"; children: JSX.Element }) {
  return (
    <Tooltip openDelay={200} closeDelay={0} placement={props.placement ?? "right"} gutter={10}>
      <Tooltip.Trigger as="div">{props.children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content class="tooltip" aria-hidden="true">{props.label}</Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  );
}
