// One region and one browser for all tests of a process: making a region takes longer than most of what is done in it.
import { launch } from "./browser.mjs";
import { Clock, hasClock } from "./clock.mjs";
import { demo } from "./node.mjs";

/** A Monday morning of a year whose price of a day is known. */
const BEGINS = "2025-03-10T09:00:00+01:00";
const DAYS = 5;

/** `address,folder`: a demo that runs already, and where its clock stands. Quicker while a test is being written. */
export const RUNNING = process.env.SAMSPILL_ATTACH;

let made;

/** The region and the browser, made when first asked for: `address`, `clock`, `again`, and `browser`. */
export function region() {
  made ??= make();
  return made;
}

async function make() {
  if (RUNNING) {
    const [address, folder] = RUNNING.split(",");
    return { address, clock: folder && new Clock(folder), stop: () => {}, browser: await launch() };
  }
  const program = process.env.SAMSPILL_COMMAND;
  if (!program) throw new Error("SAMSPILL_COMMAND doesn't say where the program is");
  const browser = await launch();
  try {
    return { ...(await demo(program, DAYS, hasClock() ? BEGINS : undefined)), browser };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Ends them. */
export async function close() {
  const ours = await made?.catch(() => undefined);
  made = undefined;
  await ours?.browser.close();
  await ours?.stop();
}
