// Every page of every role, light and dark, on a desk and on a telephone.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { logins, person } from "./browser.mjs";
import { DESK, faultsOf, htmlFaults } from "./look.mjs";
import { places } from "./places.mjs";
import { close, region } from "./shared.mjs";

const PICTURES = process.env.SAMSPILL_PICTURES;
/** Logins of the demo that have the role of another, in another place. */
const SAME_AS_ANOTHER = /\.(harstad|psykiatri|rus)$/;
/** Pages that somebody must be able to come to by links alone. */
const NEEDED = ["/", "/tavle", "/tavle?visning", "/oppgaver", "/innboks", "/kladder", "/meldinger", "/melding/…", "/opphold/ny", "/opphold/…",
  "/opphold/…/skriv", "/opphold/…/skriv/…", "/opphold/…/svar", "/opphold/…/mote", "/opphold/…/endre/…", "/opphold/…/hvorfor/plikt/…",
  "/opphold/…/hvorfor/dag/…", "/avtaler", "/avtaler/…", "/avtaler/…/forslag", "/avtaler/…/sammenlign", "/tall", "/innsyn", "/konto", "/konto/varsler", "/velg-rolle",
  "/hjelp", "/admin", "/admin/kontoer", "/admin/maltekster", "/admin/maltekster/ny", "/admin/nedetid", "/admin/logg", "/admin/tilganger", "/admin/parter", "/admin/parter/egen", "/admin/parter/enhet", "/admin/kalendere"];

after(close);

test("all can use every page, whatever their role, window and colours", async () => {
  const node = await region();
  const faults = [];
  const html = new Map();
  const seen = new Set();
  for (const { login } of await logins(node.browser, node.address)) {
    if (SAME_AS_ANOTHER.test(login)) continue;
    const { context, page } = await person(node.browser, node.address, login, DESK);
    await places(page, node.address, async (path, kind, answer) => {
      const name = `${login} ${path}`;
      if (answer.status() !== 200) faults.push(`${name}: answered ${answer.status()}`);
      if (seen.has(kind)) return;
      seen.add(kind);
      html.set(name, await answer.text());
      faults.push(...(await faultsOf(page, name, PICTURES)));
    });
    await context.close();
  }
  faults.push(...NEEDED.filter((kind) => !seen.has(kind)).map((kind) => `no link leads to ${kind}`));
  faults.push(...(await htmlFaults(html)));
  assert.deepEqual(faults, [], `${seen.size} kinds of pages: ${[...seen].join(" ")}`);
});
