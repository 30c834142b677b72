import { splitProps, type ComponentProps } from "solid-js";
import { go } from "../../app/router";

/** A link to another place of the client. */
export function Link(props: ComponentProps<"a"> & { to: string }) {
  const [own, rest] = splitProps(props, ["to", "onClick"]);
  const follow = (event: MouseEvent) => {
    // With a key held, or another button, it is the browser's.
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(own.to);
  };
  return <a href={own.to} onClick={follow} {...rest} />;
}
