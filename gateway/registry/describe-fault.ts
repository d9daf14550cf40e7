/**
 * A fault of composition in one line. Apart from composition itself, which takes a second to load.
 */
import type { CompositionFault } from "./compose.ts";

/** `stock.graphql:12:3: Unknown type "Item".` */
export function describeFault({ message, places: [place] }: CompositionFault): string {
  if (place === undefined) return message;
  return `${place.file}${place.line > 0 ? `:${place.line}:${place.column}` : ""}: ${message}`;
}
