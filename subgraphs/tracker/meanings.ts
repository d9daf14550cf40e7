/**
 * What a field of the graph is, and who has it, as the SDL of the subgraphs tells.
 */
import { Kind, parse } from "graphql";
import { readSources, SCHEMA_DIRECTORY } from "../../schema/build/sources.ts";
import type { Language } from "../kit/errors.ts";

export interface FieldMeanings {
  /** Undefined of a field that there is not. @param field `Type.field` */
  describe(field: string, language: Language): string | undefined;
  /** Whether a service has one of the fields; of fields that nobody has any more, any service may have had them. */
  mayHave(service: string, fields: readonly string[]): boolean;
}

interface Meaning {
  readonly description: string | undefined;
  readonly services: Set<string>;
}

/** @throws StartError when the SDL cannot be read */
export async function readMeanings(): Promise<FieldMeanings> {
  const known = new Map<string, Meaning>();
  for (const { name: service, sdl } of await readSources(SCHEMA_DIRECTORY))
    for (const type of parse(sdl).definitions) {
      if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
      for (const field of type.fields ?? []) {
        if (field.directives?.some(({ name }) => name.value === "external") === true) continue;
        const name = `${type.name.value}.${field.name.value}`;
        const meaning = known.get(name);
        if (meaning === undefined)
          known.set(name, { description: field.description?.value, services: new Set([service]) });
        else meaning.services.add(service);
      }
    }
  return {
    describe: (field, language) => {
      const description = known.get(field)?.description;
      return description === undefined ? undefined : inLanguage(description, language);
    },
    mayHave: (service, fields) => fields.some((field) => known.get(field)?.services.has(service) ?? true),
  };
}

/** `Full name (họ và tên).` → `Full name`, or `Họ và tên`: descriptions name the Vietnamese term. */
function inLanguage(description: string, language: Language): string {
  const [, english, vietnamese] = /^([^(]*)\(([^)]+)\)/.exec(description) ?? [];
  if (english === undefined || vietnamese === undefined) return description;
  return language === "en" ? english.trim() : vietnamese.charAt(0).toUpperCase() + vietnamese.slice(1);
}
