-- completions: scripts that complete verbs, options and column names in bash, zsh and fish.
local args = require "mekong.cli.args"
local core = require "mekong.core"

local completions = {}

local function option_words(verb)
  local list = {}
  for _, options in ipairs { verb.options or {}, args.common } do
    for _, option in ipairs(options) do list[#list + 1] = "--" .. option[1] end
  end
  return table.concat(list, " ")
end

-- Names that verbs take as keys: columns of records; names of tables.
local function names()
  local columns, tables, seen = {}, {}, {}
  for _, t in ipairs(core.store.tables()) do
    tables[#tables + 1] = t.name
    for _, column in ipairs((t.name == "cases" or t.name == "lines") and t.columns or {}) do
      if not seen[column.name] then columns[#columns + 1] = column.name end
      seen[column.name] = true
    end
  end
  return table.concat(columns, " "), table.concat(tables, " ")
end

local operands = { show = "tables", schema = "tables", load = "files", read = "files", count = "columns", compare = "columns",
  cumulative = "columns", pivot = "columns", chart = "columns" }
local fixed = { text = "normalize key fold sortkey decode repair number words", fmt = "number percent change date figure",
  completions = "bash zsh fish" }

local function words_for(verb, columns, tables)
  if fixed[verb[1]] then return fixed[verb[1]] end
  local kind = operands[verb[1]]
  return kind == "tables" and tables or kind == "columns" and columns or ""
end

local shells = {}

function shells.bash(verbs)
  local columns, tables = names()
  local all, cases = {}, {}
  for i, verb in ipairs(verbs) do
    all[i] = verb[1]
    cases[i] = ("    %s) words=\"%s\"; options=\"%s\" ;;"):format(verb[1], words_for(verb, columns, tables), option_words(verb))
  end
  return ([==[
# bash completion of mekong
_mekong() {
  local cur=${COMP_WORDS[COMP_CWORD]} words= options=
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "%s --help --version" -- "$cur"))
    return
  fi
  case ${COMP_WORDS[1]} in
%s
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur")); fi
}
complete -o filenames -F _mekong mekong
]==]):format(table.concat(all, " "), table.concat(cases, "\n"))
end

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

function shells.zsh(verbs)
  local columns, tables = names()
  local all, cases = {}, {}
  for i, verb in ipairs(verbs) do
    all[i] = "    " .. quoted(verb[1] .. ":" .. verb.en:gsub(":", "\\:"))
    cases[i] = ("    %s) compadd -- %s; [[ $PREFIX == -* ]] && compadd -- %s ;;"):format(verb[1], words_for(verb, columns, tables),
      option_words(verb))
  end
  return ([==[
#compdef mekong
_mekong() {
  local -a verbs
  verbs=(
%s
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  case $words[2] in
%s
  esac
  _files
}
_mekong "$@"
]==]):format(table.concat(all, "\n"), table.concat(cases, "\n"))
end

function shells.fish(verbs)
  local columns, tables = names()
  local out = { "# fish completion of mekong", "complete -c mekong -n __fish_use_subcommand -f" }
  for _, verb in ipairs(verbs) do
    out[#out + 1] = ("complete -c mekong -n __fish_use_subcommand -f -a %s -d %s"):format(verb[1], quoted(verb.en))
    local inside = "complete -c mekong -n '__fish_seen_subcommand_from " .. verb[1] .. "'"
    local words = words_for(verb, columns, tables)
    if words ~= "" then out[#out + 1] = inside .. " -a " .. quoted(words) end
    for _, options in ipairs { verb.options or {}, args.common } do
      for _, option in ipairs(options) do
        out[#out + 1] = inside .. " -l " .. option[1] .. (option[2] and " -s " .. option[2] or "") .. (option[3] and " -r" or "") ..
          " -d " .. quoted(option.en)
      end
    end
  end
  return table.concat(out, "\n") .. "\n"
end

-- completions.script("bash"|"zsh"|"fish", verbs) -> text
function completions.script(shell, verbs)
  local known = { "bash", "fish", "zsh" }
  return shells[known[core.find_name(shell, known, {}, "shell")]](verbs)
end

return completions
