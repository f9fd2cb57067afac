/** How long something may take that a person would wait for. Machines that run tests do other things too, and only what never comes lasts so long. Whoever writes a test waits less. */
export const PATIENCE_MS = Number(process.env.SAMSPILL_PATIENCE_MS ?? 300_000);
