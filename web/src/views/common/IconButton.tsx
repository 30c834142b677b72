import { Tooltip } from "@kobalte/core/tooltip";
import { splitProps, type ComponentProps } from "solid-js";
import { Icon, type IconName } from "../icon/Icon";

interface Props extends ComponentProps<"button"> {
  icon: IconName;
  /** What it does, for who points at it and who hears it. */
  label: string;
  placement?: "top" | "bottom" | "left" | "right";
}

/** A button that is only a drawing. */
export function IconButton(props: Props) {
  const [own, rest] = splitProps(props, ["icon", "label", "placement", "class", "type"]);
  return (
    <Tooltip openDelay={350} closeDelay={0} placement={own.placement ?? "top"} gutter={6}>
      <Tooltip.Trigger as="button" type="button" class={`icon-button ${own.class ?? ""}`} aria-label={own.label} {...(rest as object)}>
        <Icon name={own.icon} />
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content class="tooltip">{own.label}</Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  );
}
