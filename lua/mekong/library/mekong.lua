---@meta mekong
-- Types of mekong for editors (LuaCATS), made by `make docs` from the lists in mekong/doc/.

---@class mekong.Reading
---@field surface string
---@field first integer
---@field last integer
---@field measure string
---@field value? string
---@field value_high? string
---@field lower? string
---@field upper? string
---@field lower_open? boolean
---@field upper_open? boolean
---@field alternatives? table[]
---@field qualifier? string
---@field unit? string
---@field norm_value? string
---@field norm_unit? string
---@field category? string
---@field item? string
---@field phase? integer
---@field period? string
---@field scope? string
---@field direction? string
---@field compared_to? string
---@field included_in? integer

---the module: stores, the public ledger, figures with bounds, reading of texts
---@class mekong
---@field vocab table mekong.vocab:add(kind, {name = code}) adds names for this Lua state and returns how many were new
local mekong = {}

---@class mekong.opts.open
---@field readonly? boolean nothing is written
---@field locale? "vi"|"en" language of results; vi
---@field max_bytes? integer most memory that the store takes; past it: [memory]
---@field threads? integer threads for large questions; 1
---@field progress? function fn(done, total) while work lasts; false cancels
---@field user? string who changes rows, for the history
---@field trust? boolean objects that other programs made in the file are let be
---@field busy_timeout? integer milliseconds to wait for another writer

---opens a store, one SQLite file, made when it is not there
---
---Example: `mekong.open ":memory:"`
---@param path string the file; ":memory:" is a store without one
---@param opts? mekong.opts.open
---@return mekong.Store|nil
---@return string?
---@return table?
function mekong.open(path, opts) end

---@class mekong.opts.omd
---@field locale? "vi"|"en" and the other options of mekong.open

---a store with the public ledger of the campaign loaded (without a path: in memory)
---
---Example: `mekong.omd():claims():table("cases"):cell(3, "cases")`
---@param path? string the file
---@param opts? mekong.opts.omd
---@return mekong.Store|nil
---@return string?
---@return table?
function mekong.omd(path, opts) end

---@class mekong.opts.figure
---@field unit? string unit of a bare number
---@field policy? table another table of hedges
---@field pragmatic? boolean adds the side that a hedge implies, marked assumed

---a number with bounds, unit and the way it was written
---
---Example: `mekong.figure "hơn 4.500 vụ", mekong.figure("hơn 4.500 vụ").lo`
---@param value string|integer "hơn 4.500 vụ", or a whole number
---@param unit? string unit of a bare number
---@param opts? mekong.opts.figure
---@return mekong.Figure
function mekong.figure(value, unit, opts) end

---@class mekong.opts.claims
---@field locale? "vi"|"en" and the other options of mekong.open

---claims of one's own, without a ledger
---
---Example: `mekong.claims():say("OMD6.cases", 1234, "vd")`
---@param opts? mekong.opts.claims
---@return mekong.Claims
function mekong.claims(opts) end

---@class mekong.opts.read
---@field as_of? string the day of the text, for dates without a year
---@field charset? string tcvn3 vni viscii vps cp1258 viqr utf8
---@field calendar? "civil"|"customs" the year in which "10 tháng đầu năm" counts
---@field locale? "vi"|"en" language of what is printed

---every figure of a text, with unit, phase, period and place; list:table() is a Table of them, list:to_json() an array
---
---Example: `mekong.read "OMD V bắt giữ 1.715 vụ, tăng 26% so với giai đoạn 4"`
---@param text string UTF-8, an older character set, or HTML
---@param opts? mekong.opts.read
---@return mekong.Reading[]
function mekong.read(text, opts) end

---@class mekong.opts.entity
---@field kind? string only of this kind
---@field on? string the day

---the place, body, country, goods or phase of that name on a day
---
---Example: `mekong.entity("giai đoạn 5").code, mekong.entity("Hải quan Cao Bằng", {on = "2024-06-01"}).name`
---@param name string in any spelling
---@param opts? mekong.opts.entity
---@return table|nil
---@return any
function mekong.entity(name, opts) end

---@class mekong.opts.template
---@field locale? "vi"|"en" Vietnamese headings, or names of columns

---an empty CSV with the headings to fill in
---
---Example: `mekong.template("alerts", {locale = "en"})`
---@param table string cases, lines, ...
---@param opts? mekong.opts.template
---@return string
function mekong.template(table, opts) end

---the code and parts of an error message
---
---Example: `mekong.errinfo(select(2, pcall(mekong.figure, "abc"))).code`
---@param message string as raised or returned
---@return table?
function mekong.errinfo(message) end

---@class mekong.opts.help
---@field locale? "vi"|"en" language

---what a name does; without one, every name
---
---Example: `tostring(mekong.help("Figure.best", {locale = "en"})):match "^[^\n]+"`
---@param name? string "Table:top", "top" or a class
---@param opts? mekong.opts.help
---@return mekong.Help
function mekong.help(name, opts) end

---a store: one SQLite file
---@class mekong.Store
---@field cases mekong.Frame cases with their seizure lines; count() counts each case once
---@field lines mekong.Frame the same frame as cases
---@field phases mekong.Frame the phases of the campaign
local Store = {}

---@class mekong.opts.Store_load
---@field preview? boolean which column is which; nothing is loaded
---@field map? table|string {heading = "column" | false} or a saved map
---@field save_map? string keeps the map under this name
---@field strict? boolean one refused cell undoes the load
---@field numbers? "vi"|"en" how numerals are written
---@field dates? "dmy"|"mdy"|"iso" how dates are written
---@field unit? string unit of quantities that bring none
---@field covers? string "a/b": every record of that time is there
---@field on_duplicate? "reject"|"skip"|"replace" keys that are there
---@field extra? "note"|"ignore" unknown columns
---@field key? "row" rows without a key get one of file and line
---@field ragged? "pad" short rows are filled up
---@field charset? string character set
---@field format? string csv tsv json jsonl xlsx
---@field separator? string of cells
---@field quote? string mark around cells
---@field sheet? string|integer of a workbook
---@field name? string of the source in messages
---@field progress? function fn(done, total); false cancels

---loads records of CSV, TSV, JSON, JSONL, xlsx (also .gz) or an iterator, in one transaction
---
---Example: `store:load("cases", {text = "Mã vụ,Ngày\nZ1,31/2/2025\n", name = "a.csv"}).rejects:cell(1, "reason")`
---@param table string cases takes files of one row a seizure line
---@param source string|table|function path, {text =, name =} or iterator
---@param opts? mekong.opts.Store_load
---@return mekong.LoadReport|nil
---@return string?
---@return table?
function Store:load(table, source, opts) end

---adds a row or a list of rows; names of countries and goods become codes, as in a file; names of provinces stay as written
---
---Example: `store:insert("cases", {case = "B1", date = "2025-06-01", suspects = 2})`
---@param table string table
---@param row table {column = value} or a list of them
---@return integer|nil
---@return string?
---@return table?
function Store:insert(table, row) end

---changes the row of that key; the former row stays in the history
---
---Example: `store:insert("cases", {case = "B2"}), store:update("cases", "B2", {suspects = 3})`
---@param table string table
---@param key string|table key
---@param changes table {column = value}
---@return any|nil
---@return string?
---@return table?
function Store:update(table, key, changes) end

---deletes the rows for which the condition is true
---
---Example: `store:insert("cases", {case = "B3"}), store:delete("cases", "case = 'B3'")`
---@param table string table
---@param condition string|table expression or {column = value}
---@param params? table for $1, $name
---@return integer|nil
---@return string?
---@return table?
function Store:delete(table, condition, params) end

---all or nothing; inside another one a savepoint
---
---Example: `store:transaction(function(s) return s:insert("cases", {case = "B4"}) end)`
---@param fn function fn(store)
---@return any
function Store:transaction(fn) end

---adds typed columns with aliases
---
---Example: `store:define("cases", {"officer: text | cán bộ"})`
---@param table string table
---@param columns table {"officer: text | cán bộ", ...}
---@return any|nil
---@return string?
---@return table?
function Store:define(table, columns) end

---adds names to the store
---
---Example: `store:alias("item", {["hàng đá"] = "methamphetamine"})`
---@param kind string item, category, country, ...
---@param names table {name = code}
---@return integer|nil
---@return string?
---@return table?
function Store:alias(kind, names) end

---@class mekong.opts.Store_equiv
---@field for_item? string only for this item
---@field source? string who says so

---what one unit is worth in another; only such conversions cross units, and give intervals
---
---Example: `store:equiv("viên", "90..300 mg", {for_item = "yaba"})`
---@param unit string the unit
---@param worth string "90..300 mg"
---@param opts? mekong.opts.Store_equiv
---@return any|nil
---@return string?
---@return table?
function Store:equiv(unit, worth, opts) end

---any table of the store
---
---Example: `store:from "alerts":count()`
---@param name string of the table, or its alias
---@return mekong.Frame
function Store:from(name) end

---the phases: dates, days, members, cases
---
---Example: `store:phase_table():cell(8, "cases")`
---@return mekong.Table
function Store:phase_table() end

---by agency and year: led, co-led, took part, share led
---
---Example: `store:led_and_joint():why(1, "led")`
---@return mekong.Table
function Store:led_and_joint() end

---cases in which a country is origin, transit, destination or seizing
---
---Example: `store:transit_roles():cell(2, "origin")`
---@return mekong.Table
function Store:transit_roles() end

---tips, and seizures that name a tip
---
---Example: `store:tip_to_seizure():cell(5, "tips")`
---@return mekong.Table
function Store:tip_to_seizure() end

---pairs of cases that may be one, the fields alike, whether decided
---
---Example: `#store:duplicates()`
---@return mekong.Table
function Store:duplicates() end

---a row a seizure line in the columns of the CITES or UNODC IDS form, required fields that are missing named
---
---Example: `store:export_seizures("cites"):cell(1, "lacks")`
---@param form "cites"|"ids" which form
---@return mekong.Table
function Store:export_seizures(form) end

---which units convert into mass, and by which factor
---
---Example: `store:unit_audit():cell(4, "verdict")`
---@return mekong.Table
function Store:unit_audit() end

---members by phase; unknown where not all are named
---
---Example: `store:participation():why(1, "OMD7")`
---@return mekong.Table
function Store:participation() end

---cases by province as since 1 July 2025, and of which former ones
---
---Example: `#store:provinces()`
---@return mekong.Table
function Store:provinces() end

---cases by customs region in both numberings, and what moved
---
---Example: `store:regions():cell(1, "n")`
---@return mekong.Table
function Store:regions() end

---@class mekong.opts.Store_same_period
---@field to? string last day or month
---@field calendar? "civil"|"customs" customs: statistical months, 16th to 15th up to 2024, to the 14th from 2025

---cases of this year and the same time of last year by category; missing where records do not cover it
---
---Example: `store:same_period({to = "2025-08-14", calendar = "customs"}):why(1, "change")`
---@param opts? mekong.opts.Store_same_period
---@return mekong.Table
function Store:same_period(opts) end

---by phase: months with records, share of lines that state quantity, date, origin, agency
---
---Example: `store:coverage():cell(8, "share")`
---@return mekong.Table
function Store:coverage() end

---what sources announced
---
---Example: `store:claims():table("cases"):cell(1, "cases")`
---@return mekong.Claims
function Store:claims() end

---@class mekong.opts.Store_bilateral
---@field from? string|integer year or day
---@field to? string|integer year or day

---what two countries did together: conferences, plans, focal points, intelligence, corridors
---
---Example: `#store:bilateral("VN", "CN").conferences`
---@param a string country
---@param b string country
---@param opts? mekong.opts.Store_bilateral
---@return mekong.Bilateral
function Store:bilateral(a, b, opts) end

---@class mekong.opts.Store_report
---@field as_of? string what was known and counted up to that day; default: the last day in the data
---@field phase? string|integer default: the last one announced
---@field against? any|string another store or an earlier day: what changed since
---@field title? string title
---@field locale? "vi"|"en" language

---the phase report: thirteen sections, one page of HTML or Markdown
---
---Example: `#store:report {as_of = "14/8/2025"}:sections()`
---@param opts? mekong.opts.Store_report
---@return mekong.Report
function Store:report(opts) end

---one read-only SELECT with parameters
---
---Example: `store:sql("select count(*) as n from phases where number = ?", 7)`
---@param text string SQL; vi_key, vi_match, collation VI are there
---@param ... any values, or one table of names
---@return mekong.Table
function Store:sql(text, ...) end

---@class mekong.opts.Store_search
---@field columns? string|table where to look
---@field limit? integer most results
---@field highlight? table|false marks around hits

---words of a table, typed with marks or without
---
---Example: `store:search("cases", "chua can"):cell(1, "text")`
---@param table string table
---@param query string words, "a phrase", begun*, -without, one | another
---@param opts? mekong.opts.Store_search
---@return mekong.Table
function Store:search(table, query, opts) end

---every change of a row: when, who, the former row
---
---Example: `#store:history("cases", "A1")`
---@param table string table
---@param key string|table key
---@return mekong.Table
function Store:history(table, key) end

---what stands otherwise than in another store: rows added, removed, cells changed
---
---Example: `#store:diff(store)`
---@param other mekong.Store the other store, such as a backup
---@return mekong.Table
function Store:diff(other) end

---the file is sound, cells canonical, links lead somewhere; info.findings is a Table of what is not
---
---Example: `store:check()`
---@return any|nil
---@return string?
---@return table?
function Store:check() end

---copies the store into another file while in use
---
---Example: `(store:backup "/no/such/folder/a.db")`
---@param path string the file
---@return any|nil
---@return string?
---@return table?
function Store:backup(path) end

---SHA-256 of the data, whatever its form in the file
---
---Example: `#store:digest()`
---@return string
function Store:digest() end

---writes everything back as plain rows
---
---Example: `store:unseal()`
---@return any|nil
---@return string?
---@return table?
function Store:unseal() end

---which public ledger the store holds
---
---Example: `type(store:ledger().version)`
---@return table|nil
function Store:ledger() end

---language of results
---
---Example: `store:locale()`
---@return string
function Store:locale() end

---closes the store; local store <close> does it by itself
---
---Example: `mekong.open(":memory:"):close()`
---@return any
function Store:close() end

---what a load did
---@class mekong.LoadReport
---@field read integer rows read
---@field accepted integer rows loaded
---@field rejected integer rows refused
---@field rejects mekong.Table each refused cell: row, column, text, reason
---@field assumed mekong.Table each cell that was taken in one way
---@field merged mekong.Table spellings taken as one name
---@field numerals mekong.Table how the numerals of each column are written
---@field duplicates mekong.Table keys that were there
---@field likely mekong.Table rows that may be one seizure
---@field personal mekong.Table cells that may hold personal data
---@field columns mekong.Table which column is which
local LoadReport = {}

---rows to be asked; every call gives a new frame
---@class mekong.Frame
local Frame = {}

---rows for which the condition is true
---
---Example: `d:where "phase = 7 and origin = 'Lào'":count()`
---@param condition string|table "phase = 7 and quantity in kg > 2" or {phase = 7}
---@param params? table for $1, $name
---@return mekong.Frame
function Frame:where(condition, params) end

---rows for which fn(row) is true
---
---Example: `d:filter(function(row) return row.suspects == 3 end):count()`
---@param fn function fn(row)
---@return mekong.Frame
function Frame:filter(fn) end

---more columns
---
---Example: `d:with("n2 = suspects * 2"):select("case", "n2"):limit(1):table():cell(1, "n2")`
---@param ... string "kg = quantity in kg"
---@return mekong.Frame
function Frame:with(...) end

---the named columns in that order
---
---Example: `d:select("case", "date"):limit(2)`
---@param ... string columns
---@return mekong.Frame
function Frame:select(...) end

---orders the rows
---
---Example: `d:select("case", "suspects"):sort "suspects desc":limit(2)`
---@param keys string "date desc, case"
---@return mekong.Frame
function Frame:sort(keys) end

---the first n rows
---
---Example: `d:limit(2):select "case"`
---@param n integer how many
---@return mekong.Frame
function Frame:limit(n) end

---@class mekong.opts.Frame_join
---@field check? "n:1"|"1:1"|"1:n"|"n:n" what matches are allowed; n:1

---columns of another frame or table beside these
---
---Example: `d:join(store.phases:where("preferred"):select("phase", "number"), "phase = phase"):select("case", "number"):limit(1)`
---@param other mekong.Frame|mekong.Table what to join
---@param on string "phase = phase"
---@param opts? mekong.opts.Frame_join
---@return mekong.Frame
function Frame:join(other, on, opts) end

---the rows of another frame behind these
---
---Example: `d:select("case"):limit(1):union(d:select("case"):limit(1))`
---@param other mekong.Frame of the same columns
---@return mekong.Frame
function Frame:union(other) end

---groups by columns or expressions
---
---Example: `d:by("category"):sum "suspects"`
---@param ... string "phase", "key(agency)", "month"
---@return mekong.Grouped
function Frame:by(...) end

---cases, each once; by groups when keys are given
---
---Example: `d:count "category"`
---@param ... string keys
---@return mekong.Table
function Frame:count(...) end

---@class mekong.opts.Frame_sum
---@field missing? "skip"|"error" what to do with lines without the number

---sum of a quantity, a column for each kind of unit
---
---Example: `d:sum "quantity"`
---@param quantity string "quantity", "quantity in kg", "suspects"
---@param opts? mekong.opts.Frame_sum
---@return mekong.Table
function Frame:sum(quantity, opts) end

---seizure lines
---
---Example: `d:lines()`
---@return mekong.Table
function Frame:lines() end

---several measures at once
---
---Example: `d:agg("n = count()", "led = count() where suspects > 1")`
---@param ... string "n = count()", "kg = sum(quantity in kg)"
---@return mekong.Table
function Frame:agg(...) end

---the least
---
---Example: `d:min "date"`
---@param column string a number or date
---@return mekong.Table
function Frame:min(column) end

---the greatest
---
---Example: `d:max "suspects"`
---@param column string a number or date
---@return mekong.Table
function Frame:max(column) end

---the mean, exact until printed
---
---Example: `d:mean "suspects"`
---@param column string a number
---@return mekong.Table
function Frame:mean(column) end

---the middle value
---
---Example: `d:median "suspects"`
---@param column string a number
---@return mekong.Table
function Frame:median(column) end

---n, missing, percentiles, the greatest
---
---Example: `d:where "unit = kg":stats("quantity", "n p50 max")`
---@param quantity string "quantity in kg"
---@param names? string "n missing sum min max mean median p90"
---@return mekong.Table
function Frame:stats(quantity, names) end

---by day, month, quarter or year, empty ones kept
---
---Example: `d:where "phase = 5":series "month":cell(5, "n")`
---@param unit string day, month, quarter, year
---@param measure? string "count()"
---@return mekong.Table
function Frame:series(unit, measure) end

---a square of two places
---
---Example: `#d:matrix("origin", "dest")`
---@param a string rows
---@param b string columns
---@param measure? string "count()"
---@return mekong.Table
function Frame:matrix(a, b, measure) end

---a table of two keys
---
---Example: `d:pivot("category", "origin")`
---@param rows string key
---@param columns string key
---@param measure? string "count()"
---@return mekong.Table
function Frame:pivot(rows, columns, measure) end

---the rows as a table
---
---Example: `#d:table()`
---@return mekong.Table
function Frame:table() end

---for row in frame:rows() do ... end
---
---Example: `d:rows()().case`
---@return fun(): any
function Frame:rows() end

---@class mekong.opts.Frame_explain
---@field dialect? "sqlite"|"postgres" of SQL

---how the rows come about, or the same as SQL
---
---Example: `d:where("phase = 7"):explain()`
---@param opts? mekong.opts.Frame_explain
---@return string
function Frame:explain(opts) end

---the groups of a frame
---@class mekong.Grouped
local Grouped = {}

---cases of each group
---
---Example: `d:by "origin":count()`
---@return mekong.Table
function Grouped:count() end

---seizure lines of each group
---
---Example: `d:by "category":lines()`
---@return mekong.Table
function Grouped:lines() end

---@class mekong.opts.Grouped_sum
---@field missing? "skip"|"error" lines without the number

---sum of each group, a column for each kind of unit
---
---Example: `d:by "category":sum "quantity"`
---@param quantity string "quantity", "quantity in kg", "suspects"
---@param opts? mekong.opts.Grouped_sum
---@return mekong.Table
function Grouped:sum(quantity, opts) end

---the least of each group
---
---Example: `d:by "category":min "date"`
---@param column string number or date
---@return mekong.Table
function Grouped:min(column) end

---the greatest of each group
---
---Example: `d:by "category":max "suspects"`
---@param column string number or date
---@return mekong.Table
function Grouped:max(column) end

---the mean of each group
---
---Example: `d:by "category":mean "suspects"`
---@param column string number
---@return mekong.Table
function Grouped:mean(column) end

---the middle value of each group
---
---Example: `d:by "category":median "suspects"`
---@param column string number
---@return mekong.Table
function Grouped:median(column) end

---several statistics of each group
---
---Example: `d:where "unit = kg":by "category":stats("quantity", "n max")`
---@param quantity string "quantity in kg"
---@param names? string "n missing p50 p90 max"
---@return mekong.Table
function Grouped:stats(quantity, names) end

---several measures of each group
---
---Example: `d:by "phase":agg("n = count()", "people = sum(suspects)"):cell(8, "people")`
---@param ... string measures
---@return mekong.Table
function Grouped:agg(...) end

---a table of results; #t rows, t[i].name a cell
---@class mekong.Table
local Table = {}

---@class mekong.opts.Table_compare
---@field against? string|any "previous", "previous known" or a value
---@field per? "day" with rates per day

---each row against the one before: difference, %, times, rates, remarks
---
---Example: `cases:compare("phase", {against = "previous known"}):cell(8, "percent")`
---@param key string the column that orders
---@param opts? mekong.opts.Table_compare
---@return mekong.Table
function Table:compare(key, opts) end

---@class mekong.opts.Table_cumulative
---@field from? string from that day
---@field to? string up to that day

---running totals with bounds; what is unknown leaves the upper end open
---
---Example: `cases:cumulative("phase", {to = "14/8/2025"}):cell(8, "cumulative")`
---@param key string the column that orders
---@param opts? mekong.opts.Table_cumulative
---@return mekong.Table
function Table:cumulative(key, opts) end

---@class mekong.opts.Table_share
---@field within? string total of each group of this key

---share in the total
---
---Example: `d:count "category":share()`
---@param opts? mekong.opts.Table_share
---@return mekong.Table
function Table:share(opts) end

---@class mekong.opts.Table_top
---@field by? string the measure
---@field ties? "all"|"cut" rows equal to the last
---@field others? string takes the rest together under this name

---the n largest rows, ties kept
---
---Example: `cases:top(2)`
---@param n integer how many
---@param opts? mekong.opts.Table_top
---@return mekong.Table
function Table:top(n, opts) end

---one more row with totals, each case once
---
---Example: `d:count "category":totals()`
---@return mekong.Table
function Table:totals() end

---@class mekong.opts.Table_concentration
---@field by? string the measure

---how concentrated: share of the largest 1, 5 and 10 rows, HHI, Gini
---
---Example: `d:count "origin":concentration():cell(1, "top_1")`
---@param opts? mekong.opts.Table_concentration
---@return mekong.Table
function Table:concentration(opts) end

---@class mekong.opts.Table_trend
---@field by? string the measure

---slope per period (least squares), and the slopes there are without one period
---
---Example: `cases:trend():cell(1, "slope")`
---@param opts? mekong.opts.Table_trend
---@return mekong.Table
function Table:trend(opts) end

---@class mekong.opts.Table_seasonality
---@field by? string the measure

---index by month of the year of a series by month
---
---Example: `d:where "phase = 7":series "month":seasonality():cell(5, "years")`
---@param opts? mekong.opts.Table_seasonality
---@return mekong.Table
function Table:seasonality(opts) end

---@class mekong.opts.Table_reconcile
---@field on? string keys
---@field scope? string whose announcements

---held against a figure, claims or another table
---
---Example: `d:count():reconcile("hơn 3 vụ"):cell(1, "verdict")`
---@param what string|mekong.Figure|mekong.Claims|mekong.Table "hơn 4.500 vụ"
---@param opts? mekong.opts.Table_reconcile
---@return mekong.Table
function Table:reconcile(what, opts) end

---rows for which the condition is true
---
---Example: `cases:where "cases > 1500"`
---@param condition string|table expression
---@param params? table for $1
---@return mekong.Table
function Table:where(condition, params) end

---orders the rows
---
---Example: `cases:sort("cases desc"):cell(1, "phase")`
---@param keys string "n desc, phase"
---@return mekong.Table
function Table:sort(keys) end

---the named columns
---
---Example: `cases:select("phase"):names()[1]`
---@param ... string columns
---@return mekong.Table
function Table:select(...) end

---columns of another table beside these
---
---Example: `cases:select("phase", "source"):join(d:count("phase"), "phase"):cell(8, "n")`
---@param other mekong.Table table
---@param on? string key
---@return mekong.Table
function Table:join(other, on) end

---for row in t:rows() do ... end
---
---Example: `cases:rows()().phase`
---@return fun(): any
function Table:rows() end

---the cells of a column
---
---Example: `cases:col("phase")[2]`
---@param name string column
---@return any[]
function Table:col(name) end

---one cell; nil is unknown
---
---Example: `cases:cell(1, "cases")`
---@param i integer row
---@param name string column
---@return any
function Table:cell(i, name) end

---names of the columns
---
---Example: `table.concat(cases:names(), " ")`
---@return any[]
function Table:names() end

---how a cell came about, or why it is empty
---
---Example: `d:count("phase"):why(1, "n")`
---@param i integer row
---@param name string column
---@return string
function Table:why(i, name) end

---@class mekong.opts.Table_explain
---@field dialect? "sqlite"|"postgres" of SQL

---how the table was worked out, or the same as SQL
---
---Example: `d:count("phase"):explain()`
---@param opts? mekong.opts.Table_explain
---@return string
function Table:explain(opts) end

---@class mekong.opts.Table_to_text
---@field locale? "vi"|"en" language
---@field title? string|false another title or none
---@field notes? boolean false leaves notes out
---@field rows? integer most rows shown, the first and the last
---@field color? boolean for a terminal

---as printed
---
---Example: `cases:top(1):to_text {notes = false}`
---@param opts? mekong.opts.Table_to_text
---@return string
function Table:to_text(opts) end

---@class mekong.opts.Table_to_csv
---@field dialect? "machine"|"excel-vi" points and every part of a figure; or BOM, ; and decimal comma
---@field locale? "vi"|"en" language
---@field separator? string , ; tab |

---CSV for programs, or for Vietnamese Excel
---
---Example: `d:count("category"):to_csv()`
---@param opts? mekong.opts.Table_to_csv
---@return string
function Table:to_csv(opts) end

---@class mekong.opts.Table_to_json
---@field locale? "vi"|"en" language
---@field lines? boolean one row a line
---@field pretty? boolean false: one line

---versioned JSON; amounts are decimal strings
---
---Example: `d:count("category"):to_json {lines = true}`
---@param opts? mekong.opts.Table_to_json
---@return string
function Table:to_json(opts) end

---@class mekong.opts.Table_to_markdown
---@field locale? "vi"|"en" language
---@field title? string|false another title or none
---@field notes? boolean false leaves notes out
---@field rows? integer most rows shown, the first and the last

---Markdown
---
---Example: `d:count("category"):to_markdown()`
---@param opts? mekong.opts.Table_to_markdown
---@return string
function Table:to_markdown(opts) end

---@class mekong.opts.Table_to_html
---@field locale? "vi"|"en" language
---@field title? string|false another title or none
---@field notes? boolean false leaves notes out
---@field rows? integer most rows shown, the first and the last
---@field sources? boolean false leaves the list of sources out
---@field standalone? boolean a whole page
---@field style? boolean false: no style sheet

---HTML without scripts
---
---Example: `cases:to_html():match "<table" `
---@param opts? mekong.opts.Table_to_html
---@return string
function Table:to_html(opts) end

---@class mekong.opts.Table_to_xlsx
---@field locale? "vi"|"en" language

---a workbook (needs libxlsxwriter)
---
---Example: `pcall(cases.to_xlsx, cases, {sheet = 1}) == false`
---@param opts? mekong.opts.Table_to_xlsx
---@return string|nil
---@return string?
---@return table?
function Table:to_xlsx(opts) end

---@class mekong.opts.Table_chart
---@field title? string title
---@field locale? "vi"|"en" language
---@field width? integer pixels
---@field height? integer pixels
---@field note? string|false a text more
---@field source? boolean false leaves the sources out
---@field rows? integer most rows drawn
---@field measure? string the column drawn
---@field flags? table|boolean announced totals on steps, {{date, figure}}; false: none
---@field dark? string|boolean "auto", true or false
---@field id? string name of the element

---a chart; without a kind the one that fits the table
---
---Example: `cases:chart():to_svg():match "^<svg"`
---@param kind? string bars dumbbell composition steps strip heat multiples timeline
---@param opts? mekong.opts.Table_chart
---@return mekong.Chart
function Table:chart(kind, opts) end

---a file whose ending says the format: csv tsv json jsonl md html xlsx txt
---
---Example: `cases:save "a.pdf"`
---@param path string the file, whole or as before
---@return any|nil
---@return string?
---@return table?
function Table:save(path) end

---a number with bounds, unit and origin; + - * / < <= == work and stay exact
---@class mekong.Figure
---@field best integer|string|nil the best value, where there is one
---@field lo integer|string|nil lower bound; nil is none
---@field hi integer|string|nil upper bound; nil is none
---@field lo_open boolean the lower bound itself is outside
---@field hi_open boolean the upper bound itself is outside
---@field unit string|nil unit, as a code
---@field status string A as announced or counted, P preliminary, E estimated or derived
---@field raw string|nil as it was written
---@field sources any[] the sources
---@field includes any[] figures that are part of this one
local Figure = {}

---in another unit of the same kind
---
---Example: `mekong.figure("gần 2.3 tấn"):to "kg"`
---@param unit string kg, tấn, ...
---@return mekong.Figure
function Figure:to(unit) end

---is exactly x
---
---Example: `mekong.figure(1715, "vụ"):is(1715)`
---@param x integer|string|mekong.Figure a number
---@return boolean
function Figure:is(x) end

---something is known
---
---Example: `mekong.figure("hơn 4.500 vụ"):known()`
---@return boolean
function Figure:known() end

---both bounds are the same
---
---Example: `mekong.figure("hơn 4.500 vụ"):exact()`
---@return boolean
function Figure:exact() end

---change in per cent
---
---Example: `mekong.figure(1715, "vụ"):change(mekong.figure(1362, "vụ"))`
---@param previous mekong.Figure the former one
---@return mekong.Figure
function Figure:change(previous) end

---how many times the former one
---
---Example: `mekong.figure(868, "vụ"):times(mekong.figure(284, "vụ"))`
---@param previous mekong.Figure the former one
---@return mekong.Figure
function Figure:times(previous) end

---share in a total
---
---Example: `mekong.figure(1499, "vụ"):share(mekong.figure(1715, "vụ"))`
---@param total mekong.Figure the whole
---@return mekong.Figure
function Figure:share(total) end

---both may be the same number
---
---Example: `mekong.figure("gần 2.700 vụ"):overlaps(mekong.figure(2678, "vụ"))`
---@param g mekong.Figure|string|integer the other one
---@return boolean
function Figure:overlaps(g) end

---is surely less
---
---Example: `mekong.figure("gần 2.700 vụ"):surely_lt(mekong.figure(2700, "vụ"))`
---@param g mekong.Figure|string|integer the other one
---@return boolean
function Figure:surely_lt(g) end

---may be less
---
---Example: `mekong.figure("hơn 4.500 vụ"):maybe_lt(mekong.figure(4600, "vụ"))`
---@param g mekong.Figure|string|integer the other one
---@return boolean
function Figure:maybe_lt(g) end

---@class mekong.opts.Figure_format
---@field locale? "vi"|"en" language
---@field digits? integer places
---@field unit? boolean false leaves it out
---@field sign? boolean with +
---@field style? "mark"|"words" how hedges show

---for tables: > 4.500
---
---Example: `mekong.figure("hơn 4.500 vụ"):format()`
---@param opts? mekong.opts.Figure_format
---@return string
function Figure:format(opts) end

---@class mekong.opts.Figure_say
---@field locale? "vi"|"en" language
---@field digits? integer places

---in words
---
---Example: `mekong.figure("hơn 4.500 vụ"):say {locale = "en"}`
---@param opts? mekong.opts.Figure_say
---@return string
function Figure:say(opts) end

---@class mekong.opts.Figure_why
---@field locale? "vi"|"en" language

---how it came about
---
---Example: `mekong.figure("hơn 4.500 vụ"):why()`
---@param opts? mekong.opts.Figure_why
---@return string
function Figure:why(opts) end

---JSON, amounts as decimal strings
---
---Example: `mekong.figure("hơn 4.500 vụ"):to_json()`
---@return string
function Figure:to_json() end

---what was announced; never added to counted records
---@class mekong.Claims
local Claims = {}

---@class mekong.opts.Claims_table
---@field by? string|table keys; phase
---@field category? string only this
---@field item? string only this
---@field period? string only this
---@field phase? string|integer only this
---@field scope? string whose; all members
---@field subject? string only this

---one measure as a table, the preferred source first
---
---Example: `store:claims():table("cases", {scope = "VN"}):cell(7, "cases")`
---@param measure string cases, suspects, mass, quantity, ...
---@param opts? mekong.opts.Claims_table
---@return mekong.Table
function Claims:table(measure, opts) end

---every claim as a row
---
---Example: `#store:claims():all() > 100`
---@return mekong.Table
function Claims:all() end

---@class mekong.opts.Claims_say
---@field preliminary? boolean sơ bộ
---@field supersedes? integer the claim that this one corrects
---@field note? string remark

---adds an announced number
---
---Example: `type(store:claims():say("OMD6.cases", 1234, "vd"))`
---@param name string SUBJECT[@SCOPE].measure[.category[.item]]
---@param value string|integer|mekong.Figure "hơn 4.500 vụ"; two readings are both kept
---@param source string who says so
---@param opts? mekong.opts.Claims_say
---@return integer
function Claims:say(name, value, source, opts) end

---adds an announced change
---
---Example: `type(store:claims():change("OMD5.cases", "OMD4.cases", "tăng 111%", "vd"))`
---@param name string the number
---@param base string against what
---@param value string|integer|mekong.Figure "hơn 4.500 vụ"; two readings are both kept
---@param source string who says so
---@return integer
function Claims:change(name, base, value, source) end

---parts that make a whole
---
---Example: `type(store:claims():sum("OMD7.cases", {1027, 20, 108}, "vd"))`
---@param name string the whole
---@param parts table names or numbers
---@param source string who says so
---@return integer
function Claims:sum(name, parts, source) end

---chooses the n-th reading of a claim that has several
---
---Example: `store:claims():choose(1, 9)`
---@param claim integer its number
---@param n integer which reading
function Claims:choose(claim, n) end

---@class mekong.opts.Claims_read
---@field as_of? string the day of the text
---@field source? string who says so
---@field charset? string character set
---@field calendar? "civil"|"customs" as of mekong.read

---candidate claims of a text, with :settle and :take; they become claims when they are taken
---
---Example: `store:claims():read("OMD V bắt giữ 1.715 vụ", {source = "vd"})[1].name`
---@param text string as of mekong.read
---@param opts? mekong.opts.Claims_read
---@return any[]
function Claims:read(text, opts) end

---@class mekong.opts.Claims_solve
---@field rounding? "nearest"|"truncated"|"up"|"any" of per cents and decimals
---@field without? table claims left out

---whether all claims can be true together, and which cannot
---
---Example: `#store:claims():solve():conflicts() > 0`
---@param opts? mekong.opts.Claims_solve
---@return mekong.Solution
function Claims:solve(opts) end

---everything in the claims that does not hold
---
---Example: `#store:claims():check() > 0`
---@return mekong.Table
function Claims:check() end

---wholes and their parts: what is unexplained, a part above its whole
---
---Example: `store:claims():parts():cell(1, "verdict")`
---@return mekong.Table
function Claims:parts() end

---@class mekong.opts.Claims_changes
---@field rounding? "nearest"|"truncated"|"up"|"any" of per cents

---stated changes and recomputed ones, and the base they need
---
---Example: `store:claims():changes():cell(1, "stated")`
---@param opts? mekong.opts.Claims_changes
---@return mekong.Table
function Claims:changes(opts) end

---differences of running totals; totals that fall or stand still
---
---Example: `#store:claims():differences() > 0`
---@return mekong.Table
function Claims:differences() end

---where sources disagree
---
---Example: `#store:claims():disagreements() > 0`
---@return mekong.Table
function Claims:disagreements() end

---preliminary and final numbers
---
---Example: `#store:claims():revisions() > 0`
---@return mekong.Table
function Claims:revisions() end

---@class mekong.opts.Claims_composition
---@field scope? string whose; all members

---cases by phase and category, with what the categories leave
---
---Example: `store:claims():composition():cell(2, "cases")`
---@param opts? mekong.opts.Claims_composition
---@return mekong.Table
function Claims:composition(opts) end

---@class mekong.opts.Claims_rates
---@field scope? string whose; all members

---cases per 30 days and per member, for every stated period
---
---Example: `store:claims():rates():cell(6, "per_30_days")`
---@param opts? mekong.opts.Claims_rates
---@return mekong.Table
function Claims:rates(opts) end

---a country's share of each phase; refused where the times differ
---
---Example: `store:claims():national_share("VN"):cell(8, "share")`
---@param country string ISO code or name
---@return mekong.Table
function Claims:national_share(country) end

---announced suspects per case
---
---Example: `store:claims():suspects_per_case():cell(1, "mean")`
---@return mekong.Table
function Claims:suspects_per_case() end

---tablets beside the mass: inside or beside it, and their weight
---
---Example: `store:claims():tablets():cell(1, "weight")`
---@return mekong.Table
function Claims:tablets() end

---whether rounded wordings fit the exact numbers
---
---Example: `store:claims():rounding():cell(3, "verdict")`
---@return mekong.Table
function Claims:rounding() end

---every number: wording, place in the text, source
---
---Example: `store:claims():provenance():cell(1, "surface")`
---@return mekong.Table
function Claims:provenance() end

---whether two numbers can be compared, and why not
---
---Example: `(store:claims():comparable("OMD6@VN.mass.drug", "OMD7.mass.drug"))`
---@param a string "OMD6@VN.mass.drug"
---@param b string "OMD7.mass.drug"
---@return boolean
---@return mekong.Table
function Claims:comparable(a, b) end

---writes the new claims into the store
---
---Example: `store:claims():save()`
---@return integer|nil
---@return string?
---@return table?
function Claims:save() end

---@class mekong.opts.Claims_to_json
---@field locale? "vi"|"en" language
---@field pretty? boolean false: one line

---every claim as JSON
---
---Example: `store:claims():to_json():sub(1, 1)`
---@param opts? mekong.opts.Claims_to_json
---@return string
function Claims:to_json(opts) end

---what came out of holding claims against each other
---@class mekong.Solution
local Solution = {}

---what the claims leave of a number
---
---Example: `mekong.omd():claims():solve({without = {"OMD4.cases"}}):figure "OMD3.cases"`
---@param name string "OMD4.cases"
---@return mekong.Figure
function Solution:figure(name) end

---minimal sets of claims that cannot be true together
---
---Example: `#solved:conflicts() > 0`
---@return mekong.Table
function Solution:conflicts() end

---claims whose removal mends most, first
---
---Example: `#solved:suspects() > 0`
---@return mekong.Table
function Solution:suspects() end

---numbers of the claims that are set aside
---
---Example: `type(solved:aside())`
---@return any[]
function Solution:aside() end

---whether all claims can be true together
---
---Example: `solved:consistent()`
---@return boolean
function Solution:consistent() end

---the readings of a claim
---
---Example: `type(solved.readings)`
---@param claim integer its number
---@return mekong.Table
function Solution:readings(claim) end

---why, in sentences to paste
---
---Example: `#solved:why "OMD5.cases" > 0`
---@param name string variable
---@return string
function Solution:why(name) end

---what two countries did together, a table for each part
---@class mekong.Bilateral
---@field conferences mekong.Table conferences
---@field statements mekong.Table joint statements
---@field plans mekong.Table joint action plans
---@field events mekong.Table conferences, statements and plans by date, for a timeline
---@field focal_points mekong.Table focal points
---@field intel mekong.Table alerts and intelligence
---@field figures mekong.Table figures of the first country
---@field quantities mekong.Table quantities of the first country
---@field partner_figures mekong.Table figures of the second country
---@field corridors mekong.Table routes between the two in the records
---@field mirror mekong.Table what each side counted
local Bilateral = {}

---@class mekong.opts.Bilateral_to_json
---@field locale? "vi"|"en" language
---@field pretty? boolean false: one line

---every part as JSON
---
---Example: `store:bilateral("VN", "CN"):to_json():sub(1, 1)`
---@param opts? mekong.opts.Bilateral_to_json
---@return string
function Bilateral:to_json(opts) end

---the phase report
---@class mekong.Report
local Report = {}

---the whole page: no script, nothing from elsewhere
---
---Example: `store:report():to_html():match "^<!DOCTYPE html>"`
---@return string
function Report:to_html() end

---the same as Markdown
---
---Example: `store:report {title = "Quý III"}:to_markdown():match "^[^\n]*"`
---@return string
function Report:to_markdown() end

---the same as text
---
---Example: `store:report {locale = "en", title = "Q3"}:to_text():match "^[^\n]*"`
---@return string
function Report:to_text() end

---the sections: id, title, text, tables, lines
---
---Example: `store:report():sections()[6].id`
---@return table
function Report:sections() end

---a file whose ending says the format: html md txt
---
---Example: `store:report():save "a.pdf"`
---@param path string the file
---@return any|nil
---@return string?
---@return table?
function Report:save(path) end

---a chart of a table
---@class mekong.Chart
local Chart = {}

---@class mekong.opts.Chart_to_svg
---@field width? integer pixels
---@field height? integer pixels
---@field dark? string|boolean "auto", true or false
---@field id? string name of the element

---the drawing as SVG
---
---Example: `chart:to_svg():match "^<svg"`
---@param opts? mekong.opts.Chart_to_svg
---@return string
function Chart:to_svg(opts) end

---the same chart as a Vega-Lite specification
---
---Example: `chart:vega():match "vega%-lite/v5"`
---@return string
function Chart:vega() end

---a whole page with the drawing
---
---Example: `chart:to_html():match "<svg"`
---@return string
function Chart:to_html() end

---a file whose ending says the format: svg html txt json (Vega-Lite) png
---
---Example: `chart:save "a.pdf"`
---@param path string the file
---@return any|nil
---@return string?
---@return table?
function Chart:save(path) end

---Vietnamese text
---@class mekong.text
mekong.text = {}

---composed form
---
---Example: `text.nfc "e\u{302}\u{301}"`
---@param s string UTF-8
---@return string
function mekong.text.nfc(s) end

---taken-apart form
---
---Example: `#text.nfd "ế"`
---@param s string UTF-8
---@return string
function mekong.text.nfd(s) end

---is composed already
---
---Example: `text.is_nfc "ma túy"`
---@param s string UTF-8
---@return boolean
function mekong.text.is_nfc(s) end

---@class mekong.opts.text_normalize
---@field tone? "old"|"new"|"keep" old: hòa; new: hoà
---@field uy? "old"|"new" old keeps ủy alone
---@field i? boolean kỉ lí for kỷ lý

---tones, styles and odd letters mended; the list of changes
---
---Example: `(text.normalize("hòa khoẻ", {tone = "new"}))`
---@param s string UTF-8
---@param opts? mekong.opts.text_normalize
---@return string
---@return table
function mekong.text.normalize(s, opts) end

---key for comparing, levels 0 to 3
---
---Example: `text.key "MA TUÝ", text.key("Tuý", 2)`
---@param s string UTF-8
---@param level? integer 0 form C; 1 case and style; 2 no tones; 3 plain letters
---@return string
function mekong.text.key(s, level) end

---@class mekong.opts.text_fold
---@field tone? boolean kept
---@field hat? boolean kept
---@field d? boolean đ kept
---@field case? boolean kept

---small letters without marks
---
---Example: `text.fold "Đường HÀ NỘI"`
---@param s string UTF-8
---@param opts? mekong.opts.text_fold
---@return string
function mekong.text.fold(s, opts) end

---for names of files
---
---Example: `text.slug "Mê Kông – giai đoạn 7!"`
---@param s string UTF-8
---@return string
function mekong.text.slug(s) end

---letters without marks find those with them
---
---Example: `text.match("ma tuy", "bắt ma túy")`
---@param query string what
---@param s string UTF-8
---@return boolean
---@return any
---@return any
function mekong.text.match(query, s) end

---@class mekong.opts.text_compare
---@field order? "dictionary"|"cldr"|"name"|"entity" dictionary; name: given name first; entity: numbers by value

----1, 0 or 1 in Vietnamese order
---
---Example: `text.compare("ba xuân", "bà ba")`
---@param a string text
---@param b string text
---@param opts? mekong.opts.text_compare
---@return integer
function mekong.text.compare(a, b, opts) end

---@class mekong.opts.text_sortkey
---@field order? "dictionary"|"cldr"|"name"|"entity" dictionary; name: given name first; entity: numbers by value

---bytes that compare with <
---
---Example: `text.sortkey "ba" < text.sortkey "bá"`
---@param s string UTF-8
---@param opts? mekong.opts.text_sortkey
---@return string
function mekong.text.sortkey(s, opts) end

---@class mekong.opts.text_is_syllable
---@field names? boolean names of other languages too

---is a Vietnamese syllable
---
---Example: `text.is_syllable "nghiêng", text.is_syllable "ngiêng"`
---@param s string UTF-8
---@param opts? mekong.opts.text_is_syllable
---@return boolean
function mekong.text.is_syllable(s, opts) end

---columns on a terminal
---
---Example: `text.width "ma túy"`
---@param s string UTF-8
---@return integer
function mekong.text.width(s) end

---capitals
---
---Example: `text.upper "đường"`
---@param s string UTF-8
---@return string
function mekong.text.upper(s) end

---small letters
---
---Example: `text.lower "ĐƯỜNG"`
---@param s string UTF-8
---@return string
function mekong.text.lower(s) end

---capitals at the start of words
---
---Example: `text.title "ĐẮK LẮK"`
---@param s string UTF-8
---@return string
function mekong.text.title(s) end

---from an older character set
---
---Example: `text.decode("Vi\xD6t Nam", "tcvn3")`
---@param bytes string bytes
---@param charset string tcvn3 vni viscii vps cp1258 viqr utf8
---@return string
function mekong.text.decode(bytes, charset) end

---into an older character set
---
---Example: `#text.encode("Việt", "viscii")`
---@param s string UTF-8
---@param charset string as of decode
---@return string
function mekong.text.encode(s, charset) end

---which character set; nil when unsure
---
---Example: `(text.detect "H\xB6i quan Vi\xD6t Nam")`
---@param bytes string bytes
---@return string|nil
---@return any
function mekong.text.detect(bytes) end

---mends text that was read in the wrong character set
---
---Example: `(text.repair "Viá»‡t Nam")`
---@param bytes string bytes
---@return string
---@return table
function mekong.text.repair(bytes) end

---@class mekong.opts.text_number
---@field abbreviations? boolean 3,1 N, Tr, T

---a number in words or digits
---
---Example: `text.number "một triệu hai"`
---@param s string UTF-8
---@param opts? mekong.opts.text_number
---@return mekong.Figure|nil
---@return any
---@return any
function mekong.text.number(s, opts) end

---@class mekong.opts.text_words
---@field filler? "linh"|"lẻ" in 105
---@field thousand? "nghìn"|"ngàn" word

---a number in words
---
---Example: `text.words(1715)`
---@param n integer|string|mekong.Figure a number
---@param opts? mekong.opts.text_words
---@return string
function mekong.text.words(n, opts) end

---likeness of names, 0 to 1
---
---Example: `text.similarity("Trà Vinh", "Chà Vinh")`
---@param a string text
---@param b string text
---@return number
function mekong.text.similarity(a, b) end

---numbers, percentages and dates as a language writes them
---@class mekong.fmt
mekong.fmt = {}

---@class mekong.opts.fmt_number
---@field locale? "vi"|"en" language; vi
---@field digits? integer places
---@field sign? boolean with +

---1.715; 2,3 (en: 1,715; 2.3)
---
---Example: `fmt.number(1715), fmt.number("2.3")`
---@param value string|number|mekong.Figure what to write
---@param opts? mekong.opts.fmt_number
---@return string
function mekong.fmt.number(value, opts) end

---@class mekong.opts.fmt_percent
---@field locale? "vi"|"en" language; vi
---@field digits? integer places

---per cent
---
---Example: `fmt.percent "32.7"`
---@param value string|number|mekong.Figure what to write
---@param opts? mekong.opts.fmt_percent
---@return string
function mekong.fmt.percent(value, opts) end

---@class mekong.opts.fmt_change
---@field locale? "vi"|"en" language; vi
---@field digits? integer places

---a change with its sign
---
---Example: `fmt.change "-32.7"`
---@param value string|number|mekong.Figure what to write
---@param opts? mekong.opts.fmt_change
---@return string
function mekong.fmt.change(value, opts) end

---@class mekong.opts.fmt_figure
---@field locale? "vi"|"en" language; vi

---a figure
---
---Example: `fmt.figure(mekong.figure "hơn 4.500 vụ")`
---@param value string|number|mekong.Figure what to write
---@param opts? mekong.opts.fmt_figure
---@return string
function mekong.fmt.figure(value, opts) end

---@class mekong.opts.fmt_date
---@field locale? "vi"|"en" language; vi

---a date or a range
---
---Example: `fmt.date "2025-08-12/2025-08-14"`
---@param value string ISO date, range or written date
---@param opts? mekong.opts.fmt_date
---@return string
function mekong.fmt.date(value, opts) end

return mekong
