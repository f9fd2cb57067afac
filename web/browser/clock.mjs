// A clock that a program goes by, so that a stay's days pass in minutes. libfaketime stands between the program and the machine's.
import { existsSync, readdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PATIENCE_MS } from "./patience.mjs";

const FOLDERS = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];
const NAME = "faketime/libfaketimeMT.so.1";
/** How long the program may go by what the file said before. */
const READ_EVERY_S = 1;

/** Where the library is; none where it isn't installed. */
function library() {
  const folders = FOLDERS.filter((it) => existsSync(it));
  const beside = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  return [...folders, ...beside].map((folder) => join(folder, NAME)).find((it) => existsSync(it));
}

/** Whether programs can be given a clock here. */
export function hasClock() {
  return library() !== undefined;
}

/** How near to each other two clocks tell the same time: those that are set are hours apart. */
const SAME_TIME_MS = 60_000;

/** A clock whose time stands in a file of `folder`; it goes on from where it was set. */
export class Clock {
  constructor(folder) {
    this.file = join(folder, "clock");
    this.aheadS = 0;
  }

  /** What a program needs around it to go by this clock. Waiting is left alone: a second lasts a second. */
  environment() {
    return {
      LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_CACHE_DURATION: String(READ_EVERY_S),
      FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Sets it. The file is there whole or as it was: a program that read an empty one would go by the machine's clock for a while. */
  async set(at) {
    this.aheadS = Math.round((new Date(at).getTime() - Date.now()) / 1000);
    await writeFile(`${this.file}.new`, `${this.aheadS < 0 ? "" : "+"}${this.aheadS}`);
    await rename(`${this.file}.new`, this.file);
  }

  /**
   * Sets it, and waits until the program at `address` goes by it, as its answers say. A form that is opened before and sent after
   * would come from a session whose time is over.
   */
  async setFor(address, at) {
    await this.set(at);
    const last = Date.now() + PATIENCE_MS;
    for (;;) {
      const said = await saidTime(address);
      if (Math.abs(said - (Date.now() + 1000 * this.aheadS)) < SAME_TIME_MS) return;
      if (Date.now() > last) throw new Error(`the program doesn't go by the clock: it says ${new Date(said).toISOString()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** What time the answers of a program say that it is. */
async function saidTime(address) {
  const answer = await fetch(`${address}/logg-inn`, { method: "HEAD" });
  return new Date(answer.headers.get("date")).getTime();
}
