import "./settings.css";
import { Dialog } from "@kobalte/core/dialog";
import { createMemo, createSignal, For, Show, type JSX } from "solid-js";
import { words } from "../../words/words";
import { IconButton } from "../common/IconButton";
import { Icon, type IconName } from "../icon/Icon";
import { dismiss } from "../overlay";

/** A page of settings. */
export interface Page {
  readonly key: string;
  readonly icon: IconName;
  readonly label: string;
  readonly body: () => JSX.Element;
}

/** Settings that take the whole screen: their pages at the left, one of them in the middle. */
export function Pages(props: { title: string; pages: readonly Page[]; foot?: JSX.Element }) {
  const [key, setKey] = createSignal(props.pages[0]?.key);
  // On a phone the list comes first.
  const [isOpen, setOpen] = createSignal(!matchMedia("(max-width: 720px)").matches);
  // The same as long as they are called the same: what is written into a page stays there, whatever happens meanwhile.
  const pages = createMemo(() => props.pages, [], { equals: areAlike });
  const page = createMemo(() => pages().find((page) => page.key === key()));
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && dismiss()}>
      <Dialog.Portal>
        <Dialog.Content class="settings" data-open={isOpen() ? "" : undefined}>
          <nav class="settings-nav" aria-label={props.title}>
            <Dialog.Title as="h2">{props.title}</Dialog.Title>
            <ul>
              <For each={pages()}>
                {(page) => (
                  <li>
                    <button type="button" aria-current={page.key === key() ? "page" : undefined} onClick={() => { setKey(page.key); setOpen(true); }}>
                      <Icon name={page.icon} />
                      {page.label}
                    </button>
                  </li>
                )}
              </For>
            </ul>
            {props.foot}
          </nav>
          <div class="settings-scroll" tabindex="0" role="region" aria-label={page()?.label}>
            <div class="settings-page">
              <Show when={page()} keyed>
                {(page) => (
                  <>
                    <h1><button type="button" class="icon-button only-phone" aria-label={words().common.back} onClick={() => setOpen(false)}><Icon name="arrow-left" /></button>{page.label}</h1>
                    {page.body()}
                  </>
                )}
              </Show>
            </div>
          </div>
          <IconButton class="settings-close" icon="x" placement="left" label={words().common.close} onClick={dismiss} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}

function areAlike(some: readonly Page[], others: readonly Page[]): boolean {
  return some.length === others.length && some.every((page, nth) => page.key === others[nth]?.key && page.label === others[nth].label);
}
