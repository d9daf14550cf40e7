/**
 * Where `npm start` keeps what trust needs (trust.ts), beneath the data directory.
 */
import { join } from "node:path";

export interface TrustFiles {
  readonly trust: string;
  /** One for each agency, `{agency}` standing for its code (h56_14). */
  readonly systemToken: string;
  /** The gateway's private keys. */
  readonly signingKeys: string;
  /** Private key that each program signs its answers with, `{server}` standing for its name. */
  readonly answerKey: string;
}

export const SIGNING_FILE = "gateway.key.json";

/** Beneath the data directory. */
export function trustFiles(data: string): TrustFiles {
  const directory = join(data, "trust");
  return {
    trust: join(directory, "trust.json"),
    systemToken: join(directory, "system", "{agency}.token"),
    signingKeys: join(directory, SIGNING_FILE),
    answerKey: join(directory, "answers", "{server}.key.json"),
  };
}
