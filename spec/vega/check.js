// Reads specifications of Vega-Lite, one JSON text a line, holds each against the published schema, compiles and renders it, and
// answers a line for each: "ok N" with the number of marks drawn, or what is wrong. The folder given holds the packages.
const path = require("path");
const folder = path.resolve(process.argv[2], "node_modules");
const need = (name) => require(path.join(folder, name));
const vega = need("vega"), lite = need("vega-lite"), Ajv = need("ajv").default || need("ajv");
const schema = need("vega-lite/build/vega-lite-schema.json");

const ajv = new Ajv({ strict: false, allowUnionTypes: true, logger: false });
ajv.addFormat("color-hex", () => true);
const valid = ajv.compile(schema);

async function check(line) {
  const spec = JSON.parse(line);
  if (!valid(spec)) {
    const first = valid.errors[valid.errors.length - 1];
    return "schema: " + first.instancePath + " " + first.message + " " + ajv.errorsText(valid.errors.slice(0, 3));
  }
  const said = [];
  const logger = { level: () => logger, warn: (...a) => (said.push(a.join(" ")), logger), error: (...a) => (said.push(a.join(" ")), logger),
    info: () => logger, debug: () => logger };
  const compiled = lite.compile(spec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  const svg = await view.toSVG();
  const empty = spec.data.values.length === 0;
  if (said.some((text) => !(empty && text.startsWith("Infinite extent")))) return "warned: " + said.join("; ");
  if (/NaN|undefined/.test(svg.replace(/aria-[a-z]+="[^"]*"/g, ""))) return "drawn with values that are no numbers";
  return "ok " + (svg.match(/role="graphics-symbol"/g) || []).length;
}

(async () => {
  for (const line of require("fs").readFileSync(0, "utf8").split("\n")) {
    if (line === "") continue;
    let answer;
    try { answer = await check(line); } catch (e) { answer = "failed: " + e.message; }
    process.stdout.write(answer.replace(/\n/g, " ") + "\n");
  }
})();
