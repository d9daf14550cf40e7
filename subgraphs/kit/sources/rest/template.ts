/**
 * Templates of a mapping: `{name}` stands for a value. A text that is nothing but one placeholder becomes the value as it
 * is (a list stays a list); within a longer text it is written out.
 */
import type { TimePattern } from "../time.ts";

export type TemplateValue = string | number | null | readonly string[] | Date;
export type TemplateValues = Readonly<Record<string, TemplateValue | undefined>>;

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const PLACEHOLDER = /\{(\w+)\}/g;

/** Names of all placeholders in a template. */
export function placeholdersOf(template: Json): string[] {
  if (typeof template === "string") return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
  if (typeof template !== "object" || template === null) return [];
  return Object.values(template).flatMap(placeholdersOf);
}

/** A body with its values in place; what is not given is null. */
export function fillBody(template: Json, values: TemplateValues, dates: TimePattern): Json {
  if (typeof template === "string") {
    const whole = /^\{(\w+)\}$/.exec(template)?.[1];
    if (whole !== undefined) return plain(values[whole], dates);
    return template.replaceAll(PLACEHOLDER, (_, name: string) => written(values[name], dates));
  }
  if (Array.isArray(template)) return template.map((part: Json) => fillBody(part, values, dates));
  if (typeof template !== "object" || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, part]) => [key, fillBody(part, values, dates)]),
  );
}

/** A path with query; values are escaped. A query parameter whose value is not given is left out. */
export function fillPath(template: string, values: TemplateValues, dates: TimePattern): string {
  const fill = (text: string): string =>
    text.replaceAll(PLACEHOLDER, (_, name: string) => encodeURIComponent(written(values[name], dates)));
  const [path = "", query] = template.split("?", 2);
  if (query === undefined) return fill(path);
  const parameters = query
    .split("&")
    .filter((parameter) => placeholdersOf(parameter).every((name) => values[name] != null))
    .map(fill);
  return parameters.length === 0 ? fill(path) : `${fill(path)}?${parameters.join("&")}`;
}

function plain(value: TemplateValue | undefined, dates: TimePattern): Json {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return dates.format(value);
  return typeof value === "object" ? [...value] : value;
}

function written(value: TemplateValue | undefined, dates: TimePattern): string {
  const json = plain(value, dates);
  if (Array.isArray(json)) return json.join(",");
  return typeof json === "object" ? "" : String(json);
}
