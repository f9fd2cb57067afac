// One patient's whole way, from admission to discharge and the days that are paid for, as both sides see it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { logIn, person, visit } from "./browser.mjs";
import { hasClock } from "./clock.mjs";
import { Keyboard, Mouse } from "./hands.mjs";
import { DESK } from "./look.mjs";
import { PATIENCE_MS } from "./patience.mjs";
import { RUNNING, close, region } from "./shared.mjs";
import { admit, identity, send, write } from "./steps.mjs";

const WAYS = [
  { name: "with a mouse", Hand: Mouse, options: {}, given: "Alma", family: "Nordvikstrand", number: identity("231141", 111) },
  { name: "without JavaScript", Hand: Mouse, options: { javaScriptEnabled: false }, given: "Brage", family: "Sørvikstrand", number: identity("140738", 112) },
  { name: "with the keyboard alone", Hand: Keyboard, options: {}, given: "Ylva", family: "Vestvikstrand", number: identity("051045", 113) },
];
const PEOPLE = { ward: "sykepleier", office: "tildeling.tromso", hospital: "regnskap.sykehus", town: "regnskap.tromso" };
const WARD = "Medisinsk sengepost A, Tromsø";
const TOWN = "Tromsø";
const READY = "Melding om utskrivningsklar pasient";
const ANSWER = "Svar på melding om utskrivningsklar pasient";
/** Days pass only where programs can be given a clock. */
const BY_CLOCK = hasClock() || process.env.CI ? {} : { skip: "there is no libfaketime" };

let node;

after(close);

/** Finds the patient by name. Gives the address of the stay. */
async function find(hand, way) {
  await hand.open("/");
  await hand.search(way.family);
  await hand.leave(hand.page.getByRole("main").getByRole("link", { name: new RegExp(way.family) }).first());
  return new URL(hand.page.url()).pathname;
}

const MONDAY = {
  "the ward admits the patient": async ({ ward }, way) => {
    await ward.open("/");
    await ward.follow("Tavle");
    await admit(ward, way);
  },
  "the ward tells that the patient is there, and gives early notice": async ({ ward }, way) => {
    await ward.follow("Melding om innlagt pasient");
    assert.match(await send(ward, {}, "Send"), /Kommunen får frist til/);
    await write(ward, way.stay, "Tidligmelding", {
      Innleggelsesårsak: "Lårhalsbrudd etter fall.",
      "Pasientens status": "Operert, i bedring.",
      "Antatt forløp": "Opptrening noen dager.",
      "Forventet utskrivning": "2025-03-12",
    });
  },
  "the municipality reads it, and reports what the patient had at home": async ({ office }, way) => {
    assert.equal(await find(office, way), way.stay);
    await office.awaits(way.stay, "Tidligmelding", WARD);
    await office.follow("Åpne meldingen");
    assert.match(await office.text(), new RegExp(way.family));
    await write(office, way.stay, "Innleggelsesrapport", REPORT);
  },
  "the ward reads the report": async ({ ward }, way) => {
    await ward.awaits(way.stay, "Innleggelsesrapport", TOWN);
    assert.match(await ward.page.locator("main").textContent(), /Morgen og kveld/);
  },
};

const TUESDAY = {
  "the ward registers that a physician finds the patient ready": async ({ ward }, way) => {
    await write(ward, way.stay, "Vurdert utskrivningsklar av lege eller psykolog", {}, "Registrer");
  },
  "the ward tells that the patient is ready": async ({ ward }, way) => {
    const seen = await write(ward, way.stay, READY, {
      "Problemstilling ved innleggelsen": "Lårhalsbrudd etter fall.",
      "Øvrige problemstillinger": "Lavt blodtrykk.",
      "Det som ikke er avklart": "Ingenting.",
      "Diagnoser og plan for oppfølging": "S720 Brudd i lårhals. Kontroll om seks uker.",
      "Funksjon, endring og forventet utvikling": "Klarer seg med rullator.",
    });
    assert.match(seen, /døgn begynner å telle fra og med onsdag 12\. mars 2025/);
    assert.match(seen, new RegExp(way.family), "as the receiver sees it");
  },
  "the municipality answers that it can't": async ({ office }, way) => {
    await office.awaits(way.stay, READY, WARD);
    await write(office, way.stay, ANSWER, { Svar: "Kan ikke ta imot", "Tilbud ventes klart": "2025-03-13" });
  },
  "the ward reads the answer": async ({ ward }, way) => {
    await ward.awaits(way.stay, ANSWER, TOWN);
    assert.match(await ward.page.locator("main").textContent(), /kan-ikke-ta-imot|Kan ikke ta imot/i);
  },
};

const WEDNESDAY = {
  "the municipality answers from when it can": async ({ office }, way) => {
    const seen = await write(office, way.stay, ANSWER, { Svar: "Kan ta imot", "Kan ta imot fra": "2025-03-13" });
    assert.match(seen, /siste døgn som teller, blir onsdag 12\. mars 2025/);
  },
};

const THURSDAY = {
  "the ward discharges the patient, and sums up": async ({ ward }, way) => {
    await ward.awaits(way.stay, ANSWER, TOWN);
    await write(ward, way.stay, "Melding om utskrevet pasient", {});
    await write(ward, way.stay, "Utskrivningsrapport", { Sammenfatning: "Fulgte planen." });
  },
  "the hospital's accounts see the day and its price, and nothing clinical": ({ hospital }, way) => paid(hospital, way),
  "the municipality's accounts see the same": ({ town }, way) => paid(town, way),
  "both are told why the day counts": async ({ hospital, town }, way) => {
    const reasons = [];
    for (const hand of [hospital, town]) {
      await hand.open(way.stay);
      await hand.leave(hand.page.getByRole("main").locator('a.s-day[data-status="betales"]'));
      reasons.push(await hand.text());
    }
    assert.match(reasons[0], /onsdag 12\. mars 2025|12\. mars 2025/);
    assert.match(reasons[0], /§ 13/);
    assert.equal(reasons[0], reasons[1]);
  },
};

/** Who keeps accounts sees one day, at the price of the year. */
async function paid(hand, way) {
  await hand.open(way.stay);
  const text = await hand.text();
  assert.match(text, /: 1\b[^]*5\s981/);
  assert.equal(await hand.page.locator('a.s-day[data-status="betales"]').count(), 1);
  assert.doesNotMatch(text, /rullator|Metoprolol|Lårhals/);
}

/** The report of the municipality. */
const REPORT = {
  Innleggelsesårsak: "Falt hjemme.",
  "Tjenester pasienten har": "Hjemmesykepleie",
  "Hvor ofte": "Morgen og kveld",
  "Helsetilstand og problemstillinger": "Frisk ellers.",
  Legemiddelliste: "Metoprolol depot 50 mg",
};

const DAYS = [
  { name: "Monday", steps: MONDAY },
  { name: "Tuesday", steps: TUESDAY, at: "2025-03-11T10:00:00+01:00" },
  { name: "Wednesday", steps: WEDNESDAY, at: "2025-03-12T09:00:00+01:00" },
  { name: "Thursday", steps: THURSDAY, at: "2025-03-13T10:00:00+01:00" },
];

describe("one patient's whole way", () => {
  before(async () => {
    node = await region();
  });

  for (const { name, steps, at } of DAYS) {
    test(name, at ? BY_CLOCK : {}, async (t) => {
      if (at) await night(at);
      for (const way of WAYS) {
        for (const [says, step] of Object.entries(steps)) await t.test(`${way.name}, ${says}`, () => taken(way, step));
      }
    });
  }

  test("who left a page open overnight logs in, and is there again", BY_CLOCK, async () => {
    const { context, page } = await person(node.browser, node.address, PEOPLE.office, DESK);
    await visit(page, "/tavle?sorter=nyest");
    await night("2025-03-14T08:00:00+01:00");
    // The region hasn't slept: the page hears of it, and finds that its session is over.
    await page.waitForURL((url) => url.pathname === "/logg-inn");
    await logIn(page, PEOPLE.office);
    assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, "/tavle?sorter=nyest");
    await page.locator("#rader").waitFor();
    await context.close();
  });

  test("the node has done all its work meanwhile", { skip: RUNNING !== undefined }, async () => {
    const lines = (await node.log()).trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines.filter((line) => line.what === "a job failed" || line.level === "error"), []);
  });
});

/** Takes a step of a way that hasn't ended before. */
async function taken(way, step) {
  assert.ok(!way.hasEnded, "what should have come before didn't");
  way.hasEnded = true;
  way.people ??= await team(way);
  await step(way.people, way);
  way.hasEnded = false;
}

/** All go home, and the clock is set. */
async function night(morning) {
  for (const way of WAYS) {
    for (const { page } of Object.values(way.people ?? {})) await page.context().close();
    way.people = undefined;
  }
  await node.clock.setFor(node.address, morning);
}

/** Somebody of each role of the way, with a browser of their own. They log in where they first go. */
async function team(way) {
  const people = {};
  for (const [name, login] of Object.entries(PEOPLE)) {
    const context = await node.browser.newContext({ ...DESK, baseURL: node.address, ...way.options });
    context.setDefaultTimeout(PATIENCE_MS);
    people[name] = new way.Hand(await context.newPage(), login);
  }
  return people;
}
