// The pictures of the guides, from pages with something on them: `make images` puts them where the guides show them.
import assert from "node:assert/strict";
import { mkdir, readdir, stat } from "node:fs/promises";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { person } from "./browser.mjs";
import { Mouse } from "./hands.mjs";
import { DESK } from "./look.mjs";
import { close, region } from "./shared.mjs";
import { admit, identity, noticed, write } from "./steps.mjs";

const FOLDER = process.env.SAMSPILL_IMAGES;
const BYTES_MAX = 150_000;
const WARD = "Medisinsk sengepost A, Tromsø";
const PATIENT = { given: "Solfrid", family: "Nordlysvik", number: identity("190652", 215) };

let node;

before(async () => {
  if (FOLDER) node = await region();
});

after(close);

test("each picture of the guides is made, and is small", { skip: FOLDER ? false : "only made when asked for" }, async () => {
  await mkdir(FOLDER, { recursive: true });
  const ward = await hand("sykepleier");
  const office = await hand("tildeling.tromso");
  await shown(ward, "/tavle", "board", 760);
  await ward.page.goto("/opphold/ny");
  await admit(ward, PATIENT);
  await noticed(ward, PATIENT);
  await write(ward, PATIENT.stay, "Tidligmelding", EARLY);
  await office.awaits(PATIENT.stay, "Tidligmelding", WARD);
  await write(office, PATIENT.stay, "Innleggelsesrapport", REPORT);
  await office.awaits(PATIENT.stay, "Innleggelsesrapport", "Tromsø");
  await shown(ward, PATIENT.stay, "stay", 900);
  await previewed(ward);
  await shown(office, "/innboks", "inbox", 760);
  await shown(office, "/oppgaver", "tasks", 760);
  await shown(office, "/tall", "figures", 900);
  const admin = await hand("admin");
  await shown(admin, "/admin/kontoer", "accounts", 820);
  await shown(admin, "/admin/nedetid", "downtime", 760);
  await start("login");
  for (const name of await readdir(FOLDER)) {
    const { size } = await stat(join(FOLDER, name));
    assert.ok(!name.endsWith(".png") || size <= BYTES_MAX, `${name} has ${size} bytes`);
  }
});

async function hand(login) {
  const { page } = await person(node.browser, node.address, login, { ...DESK, viewport: { width: 1180, height: 800 } });
  return new Mouse(page, login);
}

/** A picture of the upper part of a page. */
async function shown(hand, path, name, height) {
  await hand.open(path);
  await taken(hand.page, name, height);
}

async function taken(page, name, height) {
  await page.setViewportSize({ width: 1180, height });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled" });
}

/** A message as it is seen before it is sent. */
async function previewed(ward) {
  await ward.open(`${PATIENT.stay}/skriv/utskrivningsklar`);
  await ward.fill({ "Det som ikke er avklart": "Ingenting.", "Funksjon, endring og forventet utvikling": "Klarer seg med rullator." });
  await ward.submit("Se over før sending");
  await taken(ward.page, "preview", 900);
}

/** The page that everybody begins at. */
async function start(name) {
  const context = await node.browser.newContext({ ...DESK, baseURL: node.address });
  const page = await context.newPage();
  await page.goto("/logg-inn");
  await taken(page, name, 700);
  await context.close();
}

const EARLY = {
  Innleggelsesårsak: "Lårhalsbrudd etter fall.",
  "Pasientens status": "Operert, i bedring.",
  "Antatt forløp": "Opptrening noen dager.",
  "Forventet utskrivning": "2025-03-14",
};
const REPORT = {
  Innleggelsesårsak: "Falt hjemme.",
  "Tjenester pasienten har": "Hjemmesykepleie",
  "Hvor ofte": "Morgen og kveld",
  "Helsetilstand og problemstillinger": "Frisk ellers.",
  Legemiddelliste: "Metoprolol depot 50 mg",
};
