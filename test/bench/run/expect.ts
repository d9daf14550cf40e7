/**
 * The right answers: what the stock engine says to each operation.
 */
import type { ExpectedOperation } from "../load/main.ts";
import { normalise } from "../load/normalise.ts";
import type { Operation } from "../workloads/operations.ts";
import { askText } from "./start.ts";

const AT_ONCE = 8;

/** @throws Error when the stock engine answers an operation with errors: it is no measure then. */
export async function expectAnswers(
  referenceUrl: string,
  operations: readonly Operation[],
): Promise<readonly ExpectedOperation[]> {
  const expected: ExpectedOperation[] = [];
  let next = 0;
  async function askOneByOne(): Promise<void> {
    for (let index = next++; index < operations.length; index = next++) {
      const operation = operations[index] as Operation;
      const text = await askText(referenceUrl, operation);
      const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
      if (data === undefined || data === null || errors !== undefined)
        throw new Error(`the reference answers ${operation.query} with ${text.slice(0, 500)}`);
      expected[index] = { ...operation, expected: normalise(text) };
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, askOneByOne));
  return expected;
}
