/**
 * All checks, in the order in which they run.
 */
import type { Check } from "./check.ts";
import { connectionChecks } from "./checks/connections.ts";
import { entityChecks } from "./checks/entities.ts";
import { errorChecks } from "./checks/errors.ts";
import { hostileChecks } from "./checks/hostile.ts";
import { idempotencyChecks } from "./checks/idempotency.ts";
import { keyChecks } from "./checks/keys.ts";
import { latencyChecks } from "./checks/latency.ts";
import { rankingChecks } from "./checks/procedure-ranking.ts";
import { procedureChecks } from "./checks/procedures.ts";
import { protocolChecks } from "./checks/protocol.ts";
import { schemaChecks } from "./checks/schema.ts";
import { strangerChecks } from "./checks/strangers.ts";
import { timeChecks } from "./checks/time.ts";
import { transitionChecks } from "./checks/transitions.ts";
import { workChecks } from "./checks/work.ts";

export const CHECKS: readonly Check[] = [
  ...schemaChecks,
  ...protocolChecks,
  ...entityChecks,
  ...keyChecks,
  ...transitionChecks,
  ...workChecks,
  ...idempotencyChecks,
  ...connectionChecks,
  ...procedureChecks,
  ...rankingChecks,
  ...errorChecks,
  ...timeChecks,
  ...strangerChecks,
  ...hostileChecks,
  ...latencyChecks,
];
