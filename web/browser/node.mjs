// A demo of its own to look at: started on a free port with a folder that is gone afterwards.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const STARTS_WITHIN_MS = 300_000;

/** Starts `samspill demo`; gives its address, and how to end it. */
export async function demo(program, days) {
  const data = await mkdtemp(join(tmpdir(), "samspill-browser-"));
  const child = spawn(program, ["demo", "--data", data, "--days", String(days), "--port", String(await freePort())], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    const address = await addressOf(child);
    await answers(address);
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that nobody listens on just now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until the region is made: until then pages say how far it has come. */
async function answers(address) {
  const last = Date.now() + STARTS_WITHIN_MS;
  while ((await fetch(`${address}/logg-inn`).catch(() => ({ status: 0 }))).status !== 200) {
    if (Date.now() > last) throw new Error("the region was not made in time");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** The address that the program prints. */
function addressOf(child) {
  return new Promise((resolve, reject) => {
    const said = [];
    const late = setTimeout(() => reject(new Error(`no address was printed:\n${said.join("\n")}`)), STARTS_WITHIN_MS);
    const hear = (line) => {
      said.push(line);
      const found = /https?:\/\/(127\.0\.0\.1|localhost):\d+/.exec(line);
      if (found) {
        clearTimeout(late);
        resolve(found[0]);
      }
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", hear);
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}:\n${said.join("\n")}`)));
  });
}
