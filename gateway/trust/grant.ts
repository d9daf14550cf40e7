/**
 * A grant: what a provider of data lets which consumers read, and for which purposes. As a directive of the provider's
 * SDL, to which composition adds whose it is:
 *
 *     @grant(to: ["role:clerk", "service:post"], for: ["delivery"])
 *
 * or as one of a list beside it (grants file, registry):
 *
 *     { "service": "stock", "at": "Item.price", "to": ["client:portal"] }
 */
import { type ConstDirectiveNode, valueFromASTUntyped } from "graphql";
import { z } from "zod";
import type { Caller } from "./caller.ts";

export interface Grant {
  /** `anyone`, or what a consumer is, with its name: `role:clerk`. */
  readonly to: readonly string[];
  /** Codes of purposes; for every one, and for none, where it is undefined. */
  readonly for?: readonly string[] | undefined;
}

/** A grant with who gives it, and of what. */
export interface StatedGrant extends Grant {
  /** The provider: name of a subgraph. */
  readonly service: string;
  /** Key of the member whose rows it is about, where the subgraph is partitioned; all of them when it is left out. */
  readonly member?: string | undefined;
  /** `*` for whatever the provider gives, `Type`, or `Type.field`. */
  readonly at: string;
}

export const ANYONE = "anyone";
/** Of a consumer that is another subgraph, for what its own fields need. */
export const SERVICE = "service:";
/** What `to` may name. */
const CONSUMER = /^(?:anyone|(?:role|organisation|client|service):[^\s:][^\s]{0,127})$/;

const consumer = z
  .string()
  .regex(CONSUMER, "must be anyone, or role:, organisation:, client: or service: and a name");
const purposeCode = z.string().regex(/^[\w.-]{1,64}$/, "must be the code of a purpose");
export const grantShape = {
  to: z.array(consumer).min(1, "must name at least one"),
  for: z.array(purposeCode).min(1, "must name at least one, or be left out").optional(),
};

export const statedGrantSchema = z.strictObject({
  service: z.string().min(1, "must not be empty"),
  member: z.string().min(1, "must not be empty").optional(),
  at: z.string().regex(/^(?:\*|[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)?)$/, "must be *, Type or Type.field"),
  ...grantShape,
});

const directiveSchema = z.strictObject({ ...grantShape, by: z.string().min(1).optional() });

/**
 * What a directive says.
 * @throws Error where it is not a grant: nobody must take that for one, or for none
 */
export function readGrant(directive: ConstDirectiveNode, at: string): Grant & { readonly by?: string } {
  const values = Object.fromEntries(
    (directive.arguments ?? [])
      .map(({ name, value }) => [name.value, valueFromASTUntyped(value)] as const)
      .filter(([, value]) => value !== null),
  );
  // A list of one may be written without its brackets (GraphQL section 3.11).
  for (const name of ["to", "for"]) if (typeof values[name] === "string") values[name] = [values[name]];
  const parsed = directiveSchema.safeParse(values);
  if (parsed.success) return parsed.data as Grant & { readonly by?: string };
  const [issue] = parsed.error.issues;
  const place = at === "" ? "" : `${at}: `;
  throw new Error(`${place}@${directive.name.value}: ${issue?.path.join(".")} ${issue?.message}`);
}

/** Whether a caller is one of a grant's consumers. */
export function isGrantedTo(grant: Grant, caller: Caller): boolean {
  return grant.to.some((each) => {
    if (each === ANYONE) return true;
    const [, kind, name = ""] = /^(\w+):(.*)$/s.exec(each) ?? [];
    if (kind === "role") return caller.roles.has(name);
    if (kind === "organisation") return caller.organisation === name;
    return kind === "client" && caller.client === name;
  });
}

/** Whether another subgraph is. */
export function isGrantedToService(grant: Grant, service: string): boolean {
  return grant.to.some((each) => each === ANYONE || each === `${SERVICE}${service}`);
}

export function isFor(grant: Grant, purpose: string | undefined): boolean {
  return grant.for === undefined || (purpose !== undefined && grant.for.includes(purpose));
}
