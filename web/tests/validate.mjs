// Holds a unified manifest and functions.json against the newest JSON schema that npm @microsoft/app-manifest carries.
// Usage: node web/tests/validate.mjs manifest.json functions.json...; prints what is wrong, a line each

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const Ajv = require("ajv-draft-04").default;
const formats = require("ajv-formats").default;
const base = path.join(path.dirname(require.resolve("@microsoft/app-manifest/package.json")), "build/json-schemas/teams");
const version = (name) => name.slice(1).split(".").reduce((sum, each) => sum * 1000 + Number(each), 0);
const newest = fs.readdirSync(base).filter((each) => /^v\d/.test(each)).sort((a, b) => version(a) - version(b)).at(-1);
const [manifest, ...functions] = process.argv.slice(2).map((each) => JSON.parse(fs.readFileSync(each, "utf8")));

const schema = JSON.parse(fs.readFileSync(path.join(base, newest, "MicrosoftTeams.schema.json"), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
for (const each of fs.readdirSync(path.join(base, newest))) {
  const other = JSON.parse(fs.readFileSync(path.join(base, newest, each), "utf8"));
  if (each !== "MicrosoftTeams.schema.json" && other.$schema === schema.$schema) ajv.addSchema(other);
}
const say = (name, check, value) => {
  if (!check(value)) for (const { instancePath, message, params } of check.errors) console.log(name, instancePath, message, JSON.stringify(params));
};
console.log(newest);
say("manifest", ajv.compile(schema), manifest);
// The file has `options` and the type of a result; in the manifest the same things stand one level up, called a little differently, or nowhere.
const check = ajv.compile({ definitions: schema.definitions, type: "array", items: { $ref: "#/definitions/extensionFunction" } });
const list = ajv.compile({ definitions: schema.definitions, type: "array", items: { $ref: "#/definitions/enum" } });
for (const told of functions) say("enums", list, told.enums);
for (const told of functions) say("functions", check, told.functions.map(({ options: { requiresParameterAddresses, ...options }, result, ...each }) => ({ ...each, result: { dimensionality: result.dimensionality }, ...options, ...(requiresParameterAddresses ? { requiresParameterAddress: true } : {}) })));
