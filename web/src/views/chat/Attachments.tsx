import { For, Show } from "solid-js";
import type { Attachment } from "../../model/objects";
import { Icon } from "../icon/Icon";

/** Files that came with a message: pictures, sound and film as themselves, the rest to fetch. */
export function Attachments(props: { of: readonly Attachment[] }) {
  return (
    <Show when={props.of.length > 0}>
      <div class="attachments"><For each={props.of}>{(file) => <One file={file} />}</For></div>
    </Show>
  );
}

/** The address of a file at this server, wherever the server believes itself to be: no other host is asked. */
function here(url: string): string {
  try {
    const { pathname, search } = new URL(url, location.href);
    return pathname + search;
  } catch {
    return "";
  }
}

function One(props: { file: Attachment }) {
  const kind = () => (props.file.content_type ?? "").split("/")[0];
  return (
    <Show when={kind() === "image" && props.file} fallback={
      <Show when={kind() === "video"} fallback={
        <Show when={kind() === "audio"} fallback={
          <a class="file" href={here(props.file.url)} download={props.file.filename}>
            <Icon name="file" />
            <span class="name">{props.file.filename}</span>
            <span class="faint">{sizeOf(props.file.size)}</span>
          </a>
        }>
          <audio controls preload="none" src={here(props.file.url)} aria-label={props.file.filename} />
        </Show>
      }>
        <video controls preload="metadata" src={here(props.file.url)} aria-label={props.file.filename} />
      </Show>
    }>
      {(file) => (
        <a class="picture" href={here(file().url)} target="_blank" rel="noopener">
          {/* The size is known before the picture is there, so that nothing moves. */}
          <img src={here(file().url)} alt={file().description ?? file().filename} width={file().width ?? undefined} height={file().height ?? undefined} loading="lazy" />
        </a>
      )}
    </Show>
  );
}

export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
