/**
 * Signs what a subgraph answers (docs/signing.md), with the key that is in its file at the time: a new one takes the place
 * of the old without a restart, once it is registered.
 */
import { type Answer, type AnswerHeaders, signAnswer } from "../../process/answer-signature.ts";
import type { Logger } from "../../process/log.ts";
import { readSigningKey } from "../../process/signing-key.ts";
import { watchFile } from "../../process/watch.ts";

export interface AnswerSigner {
  /** Undefined where the request was not signed as a gateway signs: there is nothing to bind an answer to. */
  sign(answer: Answer): AnswerHeaders | undefined;
  close(): void;
}

/** @throws StartError when the file has no key. */
export async function openAnswerSigner(file: string, log: Logger): Promise<AnswerSigner> {
  let key = await readSigningKey(file);
  log.info({ keyId: key.keyId }, "answers are signed");
  const follow = async (): Promise<void> => {
    try {
      key = await readSigningKey(file);
      log.info({ keyId: key.keyId }, "answers are signed with the key that is in the file now");
    } catch (error) {
      log.error({ err: error }, "the file of the answer key is faulty, the key before goes on signing");
    }
  };
  return {
    sign: (answer) => signAnswer(answer, key, Math.floor(Date.now() / 1000)),
    close: watchFile(file, () => void follow()),
  };
}
