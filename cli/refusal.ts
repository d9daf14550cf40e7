/**
 * What the registry refused, told so that whoever asked knows what to change.
 */
import { type CheckResult, RegistryRefusal } from "../gateway/registry/client.ts";
import type { CompositionFault } from "../gateway/registry/compose.ts";
import { describeFault } from "../gateway/registry/describe-fault.ts";
import { language } from "./language.ts";

export function isRefusal(error: unknown): error is RegistryRefusal {
  return error instanceof RegistryRefusal;
}

export function explainRefusal({ code, message, extensions }: RegistryRefusal): {
  code: string;
  message: string;
  data: object;
} {
  return { code, message: [message, ...detailsOf(code, extensions)].join("\n  "), data: extensions };
}

/** Each fault with its place and what to change. */
export function faultLines(faults: readonly CompositionFault[]): string[] {
  return faults.flatMap((fault) => [describeFault(fault), `  ${fault.remedy[language()]}`]);
}

/** Each operation that would break: which, whose, why. */
export function brokenLines({ broken }: { readonly broken: CheckResult["broken"] }): string[] {
  return broken.flatMap(({ name, hash, clients, variant, reasons }) => {
    const where = variant === undefined ? "" : `, variant ${variant}`;
    return [
      `${name ?? hash.slice(0, 12)}${where}, used by ${clients.map(clientName).join(", ")}`,
      ...reasons.map((reason) => `  ${reason}`),
    ];
  });
}

function clientName({ client, version, requests }: CheckResult["broken"][number]["clients"][number]): string {
  if (version === "registered") return `${client} (registered)`;
  const name = client === "unknown" ? "a client without a name" : `${client} ${version}`;
  return `${name} (${requests} ${requests === 1 ? "request" : "requests"})`;
}

function detailsOf(code: string, extensions: Readonly<Record<string, unknown>>): readonly string[] {
  const { faults, check } = extensions as {
    faults?: readonly unknown[];
    check?: Pick<CheckResult, "broken">;
  };
  if (code === "COMPOSITION_FAILED") return faultLines((faults ?? []) as CompositionFault[]);
  if (code === "BREAKING_CHANGE" && check !== undefined) return brokenLines(check);
  if (code === "MEMBER_CONTRACT_INCOMPLETE") return (faults ?? []).map(String);
  return [];
}
