// A demo of its own to look at: started on a free port with a folder that is gone afterwards.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Clock } from "./clock.mjs";
import { PATIENCE_MS } from "./patience.mjs";

const STARTS_WITHIN_MS = 3 * PATIENCE_MS;
/** Below the ports that systems give to those who call: while the program is away, no browser that looks for it sits down on its port. */
const PORTS = { first: 20_000, count: 10_000 };
const PORTS_TRIED_MAX = 50;

/**
 * Starts `samspill demo`; gives its address, what it logs, and how to end it. With `at`, its clock starts there and is one that can be set.
 * `again` ends the program, as a crash would, and starts it on the same folder and port.
 */
export async function demo(program, days, at) {
  const data = await mkdtemp(join(tmpdir(), "samspill-browser-"));
  const clock = at === undefined ? undefined : new Clock(data);
  const args = ["demo", "--data", join(data, "node"), "--days", String(days), "--port", String(await freePort())];
  let child;
  let isWanted = false;
  const start = async () => {
    isWanted = false;
    child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...clock?.environment() } });
    const begun = child;
    const address = await addressOf(begun);
    await answers(address, begun);
    begun.once("exit", (code, signal) => isWanted || console.error(`the program ended by itself, with ${code ?? signal}`));
    return address;
  };
  const end = async (signal) => {
    isWanted = true;
    if (child === undefined || hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  };
  const stop = async () => {
    await end("SIGTERM");
    await rm(data, { recursive: true, force: true });
  };
  const again = async () => {
    await end("SIGKILL");
    await start();
  };
  try {
    await clock?.set(at);
    const log = () => readFile(join(data, "node", "samspill.log"), "utf8");
    return { address: await start(), clock, again, log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function hasEnded(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A port that nobody listens on just now. */
async function freePort() {
  for (let tries = 0; tries < PORTS_TRIED_MAX; tries += 1) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${PORTS_TRIED_MAX} ports was free`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Waits until the region is made: until then pages say how far it has come. */
async function answers(address, child) {
  const last = Date.now() + STARTS_WITHIN_MS;
  while ((await fetch(`${address}/logg-inn`).catch(() => ({ status: 0 }))).status !== 200) {
    if (hasEnded(child)) throw new Error("the program ended while the region was made");
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
    child.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`the program ended with ${code}:\n${said.join("\n")}`));
    });
  });
}
