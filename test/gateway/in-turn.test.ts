import { expect, test } from "vitest";
import { inTurn } from "../../gateway/in-turn.ts";
import type { AnswerRequest } from "../../gateway/shared-answers.ts";

/** Operations that end when they are told to. */
function startMany(count: number, isBusy: () => boolean) {
  const begun: number[] = [];
  const ends: ((failed?: Error) => void)[] = [];
  const answer = ((number: number) => {
    begun.push(number);
    return new Promise((resolve, reject) => {
      ends[number] = (failed) => (failed === undefined ? resolve(`answer ${number}`) : reject(failed));
    });
  }) as unknown as (number: number) => Promise<string>;
  const ask = inTurn(answer as unknown as AnswerRequest, isBusy) as unknown as typeof answer;
  return { begun, ends, answers: Array.from({ length: count }, (_none, number) => ask(number)) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("while the processor is short, a few are executed at once, in the order in which they came", async () => {
  const { begun, ends, answers } = startMany(30, () => true);
  await turn();
  const atOnce = begun.length;
  expect(atOnce).toBeLessThan(30);
  for (let number = 0; number < 30; number += 1) {
    ends[number]?.();
    expect(await answers[number]).toBe(`answer ${number}`);
    await turn();
    expect(begun.length).toBe(Math.min(30, atOnce + number + 1));
  }
  expect(begun).toEqual(Array.from({ length: 30 }, (_none, number) => number));
});

test("one that fails makes way for the next too", async () => {
  const { begun, ends, answers } = startMany(30, () => true);
  await turn();
  const atOnce = begun.length;
  ends[0]?.(new Error("broken"));
  await expect(answers[0]).rejects.toThrow("broken");
  await turn();
  expect(begun.length).toBe(atOnce + 1);
  for (let number = 1; number < 30; number += 1) {
    ends[number]?.();
    await answers[number];
  }
});

test("where they wait for subgraphs, all are executed at once; those who wait already, soon", async () => {
  let busy = false;
  const free = startMany(30, () => busy);
  await turn();
  expect(free.begun.length).toBe(30);
  busy = true;
  const held = startMany(30, () => busy);
  await turn();
  expect(held.begun.length).toBeLessThan(30);
  busy = false;
  await expect.poll(() => held.begun.length).toBe(30);
});
