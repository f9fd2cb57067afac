/** How long something may take that a person would wait for. Machines that run tests do other things too, and only what never comes lasts so long. */
export const PATIENCE_MS = 300_000;
