/**
 * Tells when a file has changed, however it is replaced: written in place, renamed over, or swapped by a symbolic link.
 */
import { unwatchFile, watch, watchFile as pollFile, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";

/** Writing a file raises several events; only when they have ceased is it read. */
const DEBOUNCE_MS = 100;
const POLL_MS = 2_000;

/** Calls `changed` after the file changed. Returns how to end the watch; neither keeps the process alive. */
export function watchFile(file: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const debounced = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, DEBOUNCE_MS);
    timer.unref();
  };
  // The directory, because a watch on the file itself ends when another file is renamed over it.
  const events = watchDirectory(dirname(file), (name) => {
    if (name === null || name === basename(file)) debounced();
  });
  // Events are missing on network file systems, and where a symbolic link above is swapped: look now and then as well.
  pollFile(file, { interval: POLL_MS, persistent: false }, debounced);
  return () => {
    clearTimeout(timer);
    events?.close();
    unwatchFile(file, debounced);
  };
}

function watchDirectory(directory: string, changed: (name: string | null) => void): FSWatcher | undefined {
  try {
    const events = watch(directory, { persistent: false }, (_event, name) => changed(name));
    events.on("error", () => events.close());
    return events;
  } catch {
    // The system's number of watches is used up: polling alone is slower, and enough.
    return undefined;
  }
}
