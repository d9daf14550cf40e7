/**
 * A request as a command for a POSIX shell, to be pasted.
 */
import { Buffer } from "node:buffer";
import type { Body, Piece } from "./body.ts";
import type { HttpRequest } from "./exchange.ts";

/** One argument of a command may have 128 KiB on Linux. */
const LONGEST_ARGUMENT = 100_000;
/** What the argument of a command cannot hold, or what a terminal would spoil. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|\p{Cs}|\uFFFD/u;

export function curlOf({ method, url, headers, body }: HttpRequest): string {
  // Braces and brackets in a URL are not patterns, and dots in its path stay.
  const words = ["curl -gsSi --http1.1 --path-as-is --max-time 20"];
  if (method === "HEAD") words.push("-I");
  else if (method !== (body === undefined ? "GET" : "POST")) words.push(`-X ${method}`);
  words.push(quoted(url));
  for (const [name, value] of Object.entries(headers))
    words.push(`-H ${quoted(value === "" ? `${name};` : `${name}: ${value}`)}`);
  if (body === undefined) return words.join(" ");
  // What curl would add of its own.
  if (headers["content-type"] === undefined) words.push("-H 'content-type:'");
  const text = plainText(body);
  if (text !== undefined) return [...words, `--data-binary ${quoted(text)}`].join(" ");
  return `${producer(body)} | ${[...words, "-H 'expect:'", "--data-binary @-"].join(" ")}`;
}

/** The body when it can stand in the command as it is. */
function plainText(body: Body): string | undefined {
  const text = body.every((piece) => typeof piece === "string") ? body.join("") : undefined;
  if (text === undefined || text.length > LONGEST_ARGUMENT || UNPRINTABLE.test(text)) return undefined;
  // curl would take it for the name of a file.
  return text.startsWith("@") ? undefined : text;
}

/** A command that writes the body to its standard output. */
function producer(body: Body): string {
  const parts = body.map((piece) =>
    typeof piece === "object" && "repeat" in piece
      ? `yes ${quoted(piece.repeat)} | head -n ${piece.times} | tr -d '\\n'`
      : `printf ${quoted(escaped(piece))}`,
  );
  return parts.length === 1 ? (parts[0] ?? "") : `{ ${parts.join("; ")}; }`;
}

/** In the form of printf's first argument. */
function escaped(piece: Exclude<Piece, { repeat: string }>): string {
  let text = "";
  for (const byte of Buffer.from(piece as string)) {
    // A dash in front would be taken for an option.
    const isOption = byte === 0x2d && text === "";
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x25 && byte !== 0x5c && !isOption;
    text += isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return text;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
