/**
 * The composer's thread: does one job after another.
 */
import { parentPort } from "node:worker_threads";
import { type Job, work } from "./composer-work.ts";

parentPort?.on("message", (job: Job) => {
  Promise.resolve()
    .then(() => work(job))
    .then(
      (result) => parentPort?.postMessage({ result }),
      (error: unknown) => parentPort?.postMessage({ error: String(error) }),
    );
});
