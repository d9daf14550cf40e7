/**
 * Known vulnerabilities of production dependencies, as the registry tells them (`npm audit`).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { z } from "zod";

/** Levels that are not let through. */
const GRAVE: ReadonlySet<string> = new Set(["high", "critical"]);

const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      /** A text names another package, whose own entry tells why. */
      via: z.array(
        z.union([z.string(), z.object({ title: z.string(), url: z.string(), severity: z.string() })]),
      ),
    }),
  ),
});

/** A vulnerability that is let through for a while. */
const acceptedSchema = z.array(
  z.strictObject({
    /** `GHSA-…` */
    advisory: z.string().regex(/^GHSA(-\w{4}){3}$/),
    reason: z.string().min(20),
    /** The last day. */
    until: z.iso.date(),
  }),
);

export interface Audit {
  /** One line for each grave vulnerability that is not accepted. */
  readonly faults: readonly string[];
  /** Why nothing is known; undefined where the registry answered. */
  readonly unanswered?: string;
}

/**
 * @param directory of the lockfile
 * @param accepted text of accepted.json
 * @param today as `2026-11-22`
 */
export async function audit(directory: string, accepted: string, today: string): Promise<Audit> {
  const until = new Map(
    acceptedSchema.parse(JSON.parse(accepted)).map((entry) => [entry.advisory, entry.until]),
  );
  const said = await npmAudit(directory);
  const report = reportSchema.safeParse(parsed(said));
  if (!report.success) return { faults: [], unanswered: reasonIn(said) };
  const faults = Object.entries(report.data.vulnerabilities).flatMap(([name, { via }]) =>
    via.flatMap((cause) => {
      if (typeof cause === "string" || !GRAVE.has(cause.severity)) return [];
      const advisory = cause.url.slice(cause.url.lastIndexOf("/") + 1);
      const last = until.get(advisory) ?? "";
      if (today <= last) return [];
      const was = last === "" ? "" : `, accepted until ${last}`;
      return [`${name}: ${cause.severity}, ${cause.title} (${advisory}${was})`];
    }),
  );
  return { faults };
}

async function npmAudit(directory: string): Promise<string> {
  const npm = spawn("npm", ["audit", "--omit=dev", "--json", "--package-lock-only", "--audit=true"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [said] = await Promise.all([text(npm.stdout), once(npm, "close")]);
  return said;
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

function reasonIn(said: string): string {
  const { message } = (parsed(said) ?? {}) as { readonly message?: unknown };
  return typeof message === "string" ? message : "npm audit told nothing";
}
