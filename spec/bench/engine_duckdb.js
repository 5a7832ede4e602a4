// engine_duckdb: the worker of the bench that asks DuckDB through its binding for Node.
//   load|answer|time|first|append SETUP FILE ..., SETUP: plain, one (thread), enum (dictionary types)
const fs = require("fs");
const path = require("path");
const { DuckDBInstance } = require(path.resolve("build/bench/peers/node_modules/@duckdb/node-api"));
const [action, setup, file, ...rest] = process.argv.slice(2);

const province = "Tỉnh Hóa Nhuộm";
const coded = ["phase", "reporter", "partner", "agency", "province", "channel", "category", "commodity", "unit"];
const types = { case: "VARCHAR", date: "DATE", quantity: "DECIMAL(15,3)", suspects: "UTINYINT", joint: "UTINYINT" };
const names = ["case", "phase", "date", "reporter", "partner", "agency", "province", "channel", "category", "commodity", "quantity",
  "unit", "suspects", "joint"];

// Case, Unicode form, spaces and the place of the tone mark.
function fold(column) {
  let sql = `lower(nfc_normalize(regexp_replace(${column}::VARCHAR, '\\s+', ' ', 'g')))`;
  const tones = [["oà", "òa"], ["oá", "óa"], ["oả", "ỏa"], ["oã", "õa"], ["oạ", "ọa"], ["oè", "òe"], ["oé", "óe"], ["oẻ", "ỏe"],
    ["oẽ", "õe"], ["oẹ", "ọe"], ["uỳ", "ùy"], ["uý", "úy"], ["uỷ", "ủy"], ["uỹ", "ũy"], ["uỵ", "ụy"]];
  for (const [from, to] of tones) sql = `replace(${sql}, '${from}', '${to}')`;
  return sql;
}

const month = "date_trunc('month', date)";
const queries = {
  q01: "SELECT phase, count(*) FROM t GROUP BY phase",
  q02: "SELECT phase, category, unit, count(*), sum(quantity) FROM t GROUP BY phase, category, unit",
  q03: `SELECT category, phase, n, n - lag(n) OVER (PARTITION BY category ORDER BY phase)
    FROM (SELECT category, phase, count(*) AS n FROM t GROUP BY category, phase)`,
  q04: "SELECT date, n, sum(n) OVER (ORDER BY date) FROM (SELECT date, count(*) AS n FROM t GROUP BY date)",
  q05: `SELECT ${month} AS m, count(*), sum(suspects), sum(joint) FROM t GROUP BY m`,
  q06: `SELECT ${fold("agency")} AS f, sum(n) AS n FROM (SELECT agency, count(*) AS n FROM t GROUP BY agency) GROUP BY f ORDER BY n DESC LIMIT 10`,
  q06n: `SELECT ${fold("agency")} AS f, count(*) AS n FROM t GROUP BY f ORDER BY n DESC LIMIT 10`,
  q07: "SELECT reporter, partner, count(*), sum(joint), sum(joint) / count(*) FROM t GROUP BY reporter, partner",
  q08: "SELECT province, count(DISTINCT commodity) FROM t GROUP BY province",
  q09: "SELECT category, unit, quantile_disc(quantity, 0.5), quantile_disc(quantity, 0.95) FROM t GROUP BY category, unit",
  q11: `SELECT agency, commodity, ${month} AS m, count(*), sum(suspects) FROM t GROUP BY agency, commodity, m`,
  q12: "SELECT count(*), sum(quantity), sum(suspects), sum(joint) FROM t",
};

const thousandths = (text) => BigInt(text.replace(".", "")).toString();
const as = { // columns that are not the text they are printed as
  q02: { 4: thousandths }, q05: { 0: (m) => m.slice(0, 7) }, q07: { 4: null }, q09: { 2: thousandths, 3: thousandths },
  q11: { 2: (m) => m.slice(0, 7) }, q12: { 1: thousandths },
};

const say = (...words) => fs.writeSync(1, words.join(" ") + "\n");
const now = () => process.hrtime.bigint();

async function open(at) {
  const instance = await DuckDBInstance.create(at, { threads: setup === "one" ? "1" : "2" });
  return [instance, await instance.connect()];
}

async function load(connection, csv) {
  const columns = names.map((n) => `'${n}': '${types[n] || "VARCHAR"}'`).join(", ");
  const read = `read_csv('${csv}', header = true, columns = {${columns}})`;
  if (setup !== "enum") {
    await connection.run(`CREATE TABLE t AS SELECT * FROM ${read}`);
  } else {
    await connection.run(`CREATE TEMP TABLE raw AS SELECT * FROM ${read}`);
    for (const n of coded) await connection.run(`CREATE TYPE ${n}_code AS ENUM (SELECT DISTINCT ${n} FROM raw ORDER BY ${n})`);
    const list = names.map((n) => (coded.includes(n) ? `${n}::${n}_code AS ${n}` : `"${n}"`)).join(", ");
    await connection.run(`CREATE TABLE t AS SELECT ${list} FROM raw`);
    await connection.run("DROP TABLE raw");
  }
  await connection.run("CHECKPOINT");
}

async function prepare(connection) {
  const found = await connection.runAndReadAll(`SELECT province FROM (SELECT DISTINCT province FROM t) WHERE ${fold("province")} = ${fold(`'${province}'`)}`);
  const list = found.getRows().map((row) => `'${row[0]}'`).join(", ");
  queries.q10 = `SELECT category, count(*) FROM t WHERE province IN (${list}) AND date BETWEEN DATE '2023-08-01' AND DATE '2023-08-31' GROUP BY category`;
}

// Nanoseconds and result; the error when the query fails or is stopped at the limit.
async function timed(connection, sql, limit) {
  let over = false;
  const timer = setTimeout(() => { over = true; connection.interrupt(); }, limit * 1000);
  const start = now();
  try {
    const result = await connection.runAndReadAll(sql);
    return { ns: now() - start, result };
  } catch (error) {
    return { over, ns: now() - start, error: error.message.split("\n")[0] };
  } finally {
    clearTimeout(timer);
  }
}

function report(name, one) {
  if (one.result) say("time", name, one.ns);
  else if (one.over) say("over", name, one.ns);
  else say("fail", name, one.error);
}

function lines_of(name, result) {
  const change = as[name] || {};
  return result.getRowsJson().map((row) => row.map((cell, i) => (cell === null ? "" : change[i] ? change[i](cell) : String(cell)))
    .filter((_, i) => change[i] !== null).join("\t"));
}

async function answer(connection, folder, limit, list) {
  for (const name of list) {
    say("begin", name);
    const one = await timed(connection, queries[name], limit);
    if (one.result) fs.writeFileSync(`${folder}/${name}`, lines_of(name, one.result).join("\n") + "\n");
    report(name, one);
  }
}

async function time(connection, repeats, limit, list) {
  for (const name of list) {
    say("begin", name);
    let all = 0;
    for (let k = 0; k <= repeats; k++) {
      const one = await timed(connection, queries[name], limit);
      all += Number(one.ns);
      if (k === 0 && one.result) say("cold", name, one.ns);
      const last = !one.result || all + Number(one.ns) > limit * 1e9;
      if (k > 0 || last) report(name, one);
      if (last) break;
    }
  }
}

async function append(connection, csv, batch) {
  const records = fs.readFileSync(csv, "utf8").trim().split("\n").slice(1).map((line) => line.split(","));
  const start = now();
  for (let first = 0; first < records.length; first += batch) {
    await connection.run("BEGIN");
    const appender = await connection.createAppender("t");
    for (const r of records.slice(first, first + batch)) {
      for (const cell of r) appender.appendVarchar(cell);
      appender.endRow();
    }
    appender.closeSync();
    await connection.run("COMMIT");
  }
  say("time", "append", now() - start);
}

async function main() {
  if (action === "load") for (const old of [file, file + ".wal"]) fs.rmSync(old, { force: true });
  const start = now();
  const [instance, connection] = await open(file);
  if (action === "load") await load(connection, rest[0]);
  if (action === "answer" || action === "time") await prepare(connection);
  if (action === "answer") await answer(connection, rest[0], Number(rest[1]), rest.slice(2));
  if (action === "time") await time(connection, Number(rest[0]), Number(rest[1]), rest.slice(2));
  if (action === "first") say(lines_of("q02", await connection.runAndReadAll(queries.q02)).join("\n"));
  if (action === "append") await append(connection, rest[0], Number(rest[1]));
  connection.closeSync();
  instance.closeSync();
  if (action === "load") say("time", "load", now() - start);
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
