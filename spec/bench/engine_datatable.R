# engine_datatable: the worker of the bench that keeps the records in a data.table of R; every action reads the CSV.
#   load|answer|time|first SETUP CSV ...
suppressMessages(library(data.table))
args <- commandArgs(trailingOnly = TRUE)
action <- args[1]
csv <- args[3]
setDTthreads(2)
now <- function() as.numeric(Sys.time())
say <- function(...) {
  cat(paste(...), "\n", sep = "")
  flush(stdout())
}
ns <- function(seconds) sprintf("%.0f", seconds * 1e9)

start <- now()
# Spaces in cells are part of them; the default takes them away.
d <- fread(csv, encoding = "UTF-8", strip.white = FALSE, na.strings = NULL, colClasses = list(character = c("case", "date")))
d[, quantity := as.numeric(round(quantity * 1000))] # whole numbers below 2^53: exact
d[, date := as.IDate(date)]
loaded <- now() - start

# ---------------------------------------------------------------- the fold: Unicode form, case, spaces, tone style

marks <- c("\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
whole <- list(a = "àáảãạ", e = "èéẻẽẹ", i = "ìíỉĩị", o = "òóỏõọ", u = "ùúủũụ", y = "ỳýỷỹỵ", "ă" = "ằắẳẵặ", "â" = "ầấẩẫậ",
  "ê" = "ềếểễệ", "ô" = "ồốổỗộ", "ơ" = "ờớởỡợ", "ư" = "ừứửữự")
hats <- c("a\u0306" = "ă", "a\u0302" = "â", "e\u0302" = "ê", "o\u0302" = "ô", "o\u031B" = "ơ", "u\u031B" = "ư")
late <- c("ạ\u0306" = "ặ", "ạ\u0302" = "ậ", "ẹ\u0302" = "ệ", "ọ\u0302" = "ộ")
tones <- character(0)
for (base in names(whole)) {
  made <- strsplit(whole[[base]], "")[[1]]
  names(made) <- paste0(base, marks)
  tones <- c(tones, made)
}
style <- c("oà" = "òa", "oá" = "óa", "oả" = "ỏa", "oã" = "õa", "oạ" = "ọa", "oè" = "òe", "oé" = "óe", "oẻ" = "ỏe", "oẽ" = "õe",
  "oẹ" = "ọe", "uỳ" = "ùy", "uý" = "úy", "uỷ" = "ủy", "uỹ" = "ũy", "uỵ" = "ụy")
pairs <- c(hats, tones, late, style)
fold <- function(x) {
  x <- gsub(" +", " ", tolower(x))
  for (from in names(pairs)) x <- gsub(from, pairs[[from]], x, fixed = TRUE)
  x
}

# ---------------------------------------------------------------- queries

month_of <- function(date) as.integer(format(date, "%Y%m"))
wanted <- local({
  names <- unique(d$province)
  names[fold(names) == fold("Tỉnh Hóa Nhuộm")]
})
at <- function(x, percent) sort(x)[(percent * length(x) + 99) %/% 100]

queries <- list(
  q01 = function() d[, .N, by = phase],
  q02 = function() d[, .(.N, sum(quantity)), by = .(phase, category, unit)],
  q03 = function() {
    r <- d[, .N, by = .(category, phase)]
    setorder(r, category, phase)
    r[, change := N - shift(N), by = category][]
  },
  q04 = function() {
    r <- d[, .N, by = date]
    setorder(r, date)
    r[, sum := cumsum(N)][]
  },
  q05 = function() { # by day, then by month
    r <- d[, .(.N, s = sum(suspects), j = sum(joint)), by = date]
    r[, .(sum(N), sum(s), sum(j)), by = .(m = month_of(date))]
  },
  q06 = function() {
    r <- d[, .N, by = agency]
    head(r[, .(N = sum(N)), by = .(f = fold(agency))][order(-N)], 10)
  },
  q06n = function() head(d[, .N, by = .(f = fold(agency))][order(-N)], 10),
  q07 = function() {
    r <- d[, .(.N, j = sum(joint)), by = .(reporter, partner)]
    r[, share := j / N][]
  },
  q08 = function() unique(d, by = c("province", "commodity"))[, .N, by = province],
  q09 = function() d[, .(at(quantity, 50), at(quantity, 95)), by = .(category, unit)],
  q10 = function() d[province %chin% wanted & date >= as.IDate("2023-08-01") & date <= as.IDate("2023-08-31"), .N, by = category],
  q11 = function() {
    r <- d[, .(.N, s = sum(suspects)), by = .(agency, commodity, date)]
    days <- unique(r$date)
    r[, m := month_of(days)[match(date, days)]]
    r[, .(sum(N), sum(s)), by = .(agency, commodity, m)]
  },
  q12 = function() d[, .(.N, sum(quantity), sum(suspects), sum(joint))]
)

text <- function(column) {
  if (inherits(column, "Date")) return(format(column, "%Y-%m-%d"))
  if (is.numeric(column)) return(ifelse(is.na(column), "", sprintf("%.0f", column)))
  column
}
write_lines <- function(r, path) {
  r <- copy(r)
  if ("share" %in% names(r)) r[, share := NULL]
  if ("m" %in% names(r)) r[, m := sprintf("%d-%02d", m %/% 100L, m %% 100L)]
  out <- file(path, "wb")
  writeLines(do.call(paste, c(unname(lapply(r, text)), sep = "\t")), out, useBytes = TRUE)
  close(out)
}

# Seconds and result; a text when the query fails or goes beyond the limit.
timed <- function(name, limit) {
  start <- now()
  setTimeLimit(elapsed = limit, transient = TRUE)
  result <- tryCatch(queries[[name]](), error = function(e) conditionMessage(e))
  setTimeLimit()
  list(s = now() - start, result = result, well = is.data.table(result))
}
report <- function(name, one) {
  if (one$well) say("time", name, ns(one$s))
  else if (grepl("time limit", one$result)) say("over", name, ns(one$s))
  else say("fail", name, gsub("\n.*", "", one$result))
}

if (action == "load") say("time load", ns(loaded))
if (action == "answer") {
  for (name in args[-(1:5)]) {
    say("begin", name)
    one <- timed(name, as.numeric(args[5]))
    if (one$well) write_lines(one$result, file.path(args[4], name))
    report(name, one)
  }
}
if (action == "time") {
  limit <- as.numeric(args[5])
  for (name in args[-(1:5)]) {
    say("begin", name)
    all <- 0
    for (k in 0:as.integer(args[4])) {
      one <- timed(name, limit)
      all <- all + one$s
      last <- !one$well || all + one$s > limit
      if (k > 0 || last) report(name, one)
      if (last) break
    }
  }
}
if (action == "first") print(queries$q02())
