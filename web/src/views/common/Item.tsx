import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { Show } from "solid-js";
import { Icon, type IconName } from "../icon/Icon";

/** A line of a menu: of one that opens below a button, or where one clicked; both are the same inside. */
export function Item(props: { icon: IconName; label: string; does: () => void; isDangerous?: boolean; keys?: string }) {
  return (
    <DropdownMenu.Item class="menu-item" data-danger={props.isDangerous ? "" : undefined} onSelect={() => props.does()}>
      <Icon name={props.icon} />
      {props.label}
      <Show when={props.keys}>{(keys) => <kbd class="keys">{keys()}</kbd>}</Show>
    </DropdownMenu.Item>
  );
}
