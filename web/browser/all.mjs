// All of them in one process, so that one region is made for all. Days pass in the last.
await import("./pages.test.mjs");
await import("./states.test.mjs");
await import("./languages.test.mjs");
await import("./follow.test.mjs");
await import("./typing.test.mjs");
await import("./print.test.mjs");
await import("./two.test.mjs");
await import("./way.test.mjs");
