/**
 * Answers in parts as JSON texts, in the two forms that clients know.
 *
 * `v0.2` is that of the specification's draft: deferred fragments are announced (`pending`), every field is given once
 * (`incremental`), and what is complete is said (`completed`). In the older `20220824` every deferred fragment is given
 * as a whole, at its path.
 */
import type { GraphQLError } from "graphql";
import type { Logger } from "../process/log.ts";
import { extensionsOf, uniformErrors } from "./answer.ts";
import type { RequestContext } from "./context.ts";
import type { Announced, Completed, GivenGroup, Update } from "./execute/deliveries.ts";
import type { LaterParts } from "./execute/parts.ts";

export type IncrementalFormat = "v0.2" | "20220824";

/** What follows the first part. */
export interface LaterTexts {
  readonly format: IncrementalFormat;
  /** JSON, one by one. */
  readonly texts: AsyncIterable<string>;
  /** Nobody reads them any more: what is under way is given up. */
  readonly cancel: () => void;
}

/** Makes errors uniform, as all that a client reads. */
type ToErrors = (errors: readonly Error[]) => readonly GraphQLError[];
type Extensions = Readonly<Record<string, unknown>> | undefined;

/** What the first part has beside data and errors. */
export function firstEntries(format: IncrementalFormat, pending: readonly Announced[]): readonly string[] {
  const announced = format === "v0.2" ? [`"pending":${JSON.stringify(pending)}`] : [];
  return [...announced, `"hasNext":true`];
}

export function laterTexts(
  format: IncrementalFormat,
  { updates, cancel }: LaterParts,
  context: RequestContext,
  log: Logger,
): LaterTexts {
  const toErrors: ToErrors = (errors) => uniformErrors(errors, context, log);
  async function* texts(): AsyncGenerator<string> {
    for await (const update of updates())
      yield updateText(format, update, toErrors, extensionsOf(undefined, context));
  }
  return { format, texts: texts(), cancel };
}

function updateText(
  format: IncrementalFormat,
  { pending, completed, hasNext }: Update,
  toErrors: ToErrors,
  extensions: Extensions,
): string {
  const entries =
    format === "v0.2"
      ? [
          ...(pending.length > 0 ? [`"pending":${JSON.stringify(pending)}`] : []),
          ...list(
            "incremental",
            completed.flatMap(({ groups }) => groups).map((one) => groupText(one, toErrors)),
          ),
          ...list(
            "completed",
            completed.map((one) => completedText(one, toErrors)),
          ),
        ]
      : list(
          "incremental",
          completed.map((one) => wholeText(one, toErrors)),
        );
  return object([
    ...entries,
    ...(extensions === undefined ? [] : [`"extensions":${JSON.stringify(extensions)}`]),
    `"hasNext":${hasNext}`,
  ]);
}

function groupText({ id, subPath, text, errors }: GivenGroup, toErrors: ToErrors): string {
  return object([
    `"id":"${id}"`,
    ...(subPath.length > 0 ? [`"subPath":${JSON.stringify(subPath)}`] : []),
    `"data":${text}`,
    ...errorsEntry(toErrors(errors)),
  ]);
}

function completedText({ id, errors }: Completed, toErrors: ToErrors): string {
  return object([`"id":"${id}"`, ...(errors === undefined ? [] : errorsEntry(toErrors(errors)))]);
}

function wholeText({ path, label, groups, errors, whole }: Completed, toErrors: ToErrors): string {
  const told = errors ?? groups.flatMap((group) => group.errors);
  return object([
    ...(label === undefined ? [] : [`"label":${JSON.stringify(label)}`]),
    `"path":${JSON.stringify(path)}`,
    `"data":${errors === undefined ? whole() : "null"}`,
    ...errorsEntry(toErrors(told)),
  ]);
}

function errorsEntry(errors: readonly GraphQLError[]): readonly string[] {
  return errors.length > 0 ? [`"errors":${JSON.stringify(errors)}`] : [];
}

function list(name: string, texts: readonly string[]): readonly string[] {
  return texts.length > 0 ? [`"${name}":[${texts.join(",")}]`] : [];
}

function object(entries: readonly string[]): string {
  return `{${entries.join(",")}}`;
}
