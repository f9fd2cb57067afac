// A clock that a program goes by, so that a stay's days pass in minutes. libfaketime stands between the program and the machine's.
import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

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

/** A clock whose time stands in a file of `folder`; it goes on from where it was set. */
export class Clock {
  constructor(folder) {
    this.file = join(folder, "clock");
  }

  /** What a program needs around it to go by this clock. Waiting is left alone: a second lasts a second. */
  environment() {
    return {
      LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_CACHE_DURATION: String(READ_EVERY_S),
      FAKETIME_DONT_FAKE_MONOTONIC: "1", DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** Sets it, and waits until programs have seen it. */
  async set(at) {
    const ahead = Math.round((new Date(at).getTime() - Date.now()) / 1000);
    await writeFile(this.file, `${ahead < 0 ? "" : "+"}${ahead}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 * READ_EVERY_S + 200));
  }
}
