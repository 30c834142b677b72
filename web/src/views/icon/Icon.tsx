import { paths } from "./paths";

export type IconName = keyof typeof paths;

/** A drawing from the set; whoever reads the page aloud is told by a label beside it. */
export function Icon(props: { name: IconName; class?: string }) {
  return (
    <svg class={props.class === undefined ? "icon" : `icon ${props.class}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[props.name]} />
    </svg>
  );
}
