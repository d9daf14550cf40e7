/**
 * Structured logs, one JSON line each, to standard error: standard output belongs to what a program answers.
 */
import { pino, type Logger } from "pino";

export type { Logger };

/** A logger that names its program in every line. Level from LOG_LEVEL (default `info`). */
export function createLogger(program: string): Logger {
  return pino(
    {
      name: program,
      level: process.env["LOG_LEVEL"] ?? "info",
      timestamp: pino.stdTimeFunctions.isoTime,
      // Credentials must never reach a log, whoever logs the headers.
      redact: ["headers.authorization", "headers.cookie", "req.headers.authorization", "req.headers.cookie"],
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
