import { Dialog as Kobalte } from "@kobalte/core/dialog";
import { Show, type JSX } from "solid-js";

interface Props {
  title: string;
  about?: string | undefined;
  class?: string;
  onClose: () => void;
  children: JSX.Element;
}

/** A question or a form in front of everything else. It is there as long as it is shown; Esc and a click beside it end it. */
export function Dialog(props: Props) {
  return (
    <Kobalte open onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class="scrim" />
        <div class="dialog-place">
          <Kobalte.Content class={`dialog ${props.class ?? ""}`}>
            <Kobalte.Title as="h2">{props.title}</Kobalte.Title>
            <Show when={props.about}>{(about) => <Kobalte.Description as="p" class="about">{about()}</Kobalte.Description>}</Show>
            {props.children}
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  );
}
