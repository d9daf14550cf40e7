/**
 * The environment of a program that is to see nothing of the test's own, but for where Node and its compiled code are.
 */
const { PATH, NODE_COMPILE_CACHE } = process.env;

export const BARE_ENVIRONMENT: Readonly<NodeJS.ProcessEnv> = { PATH, NODE_COMPILE_CACHE };
