/** What may stand at a place of the command line: after `run`, after `run get_contact`. */
export type Place = {
  /** The words that lead there, `` for the first. */
  path: string
  words: readonly Offer[]
  flags: readonly (Offer & { values: readonly string[] | null })[]
}

/** `values` of a flag: `null` where it takes none, empty where it takes any. */
export type Offer = { name: string; about: string }

export const shells = ['bash', 'zsh', 'fish'] as const

/** Scripts that need no process of ours when the key is pressed: all places are in them. */
export const scripts: Readonly<Record<(typeof shells)[number], (places: readonly Place[]) => string>> = {
  bash: (places) => `# bash completion for modulex-intercom
_modulex_intercom_at() {
  words='' flags='' valued=''
  case $1 in
${places
  .map(
    ({ path, words, flags }) =>
      `    '${path}') words='${names(words)}' flags='${names(flags)}' valued='${names(valued(flags))}' ;;`,
  )
  .join('\n')}
    *) return 1 ;;
  esac
}

_modulex_intercom_values() {
  words=''
  case "$1 $2" in
${cases(places, (path, flag, values) => `    '${path} ${flag}') words='${values.join(' ')}' ;;`)}
  esac
}

_modulex_intercom() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at='' flag='' given='' word words flags valued i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ $word == = ]]; then continue; fi
    if [[ -n $flag ]]; then flag=''; continue; fi
    if [[ $word == -* ]]; then
      _modulex_intercom_at "$at"
      if [[ " $valued " == *" $word "* ]]; then flag=$word; fi
    elif [[ -z $given ]] && _modulex_intercom_at "\${at:+$at }$word"; then at="\${at:+$at }$word"
    else given=1
    fi
  done
  if [[ $cur == = ]]; then cur=''; fi
  _modulex_intercom_at "$at"
  if [[ -n $flag ]]; then _modulex_intercom_values "$at" "$flag"
  elif [[ $cur == -* ]]; then words=$flags
  elif [[ -n $given ]]; then words=''
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -o default -F _modulex_intercom modulex-intercom
`,

  zsh: (places) => `#compdef modulex-intercom
_modulex_intercom_at() {
  offers=() flags=() valued=()
  case $1 in
${places
  .map(
    ({ path, words, flags }) =>
      `    '${path}')\n      offers=(${described(words, ':')})\n      flags=(${described(flags, ':')})\n      valued=(${names(valued(flags))}) ;;`,
  )
  .join('\n')}
    *) return 1 ;;
  esac
}

_modulex_intercom_values() {
  offers=()
  case "$1 $2" in
${cases(places, (path, flag, values) => `    '${path} ${flag}') offers=(${values.join(' ')}) ;;`)}
  esac
  if (( $#offers )); then _describe value offers; else _files; fi
}

_modulex_intercom() {
  local at='' flag='' given='' word i
  local -a offers flags valued
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $flag ]]; then flag=''; continue; fi
    if [[ $word == -* ]]; then
      _modulex_intercom_at "$at"
      if (( \${valued[(Ie)$word]} )); then flag=$word; fi
    elif [[ -z $given ]] && _modulex_intercom_at "\${at:+$at }$word"; then at="\${at:+$at }$word"
    else given=1
    fi
  done
  _modulex_intercom_at "$at"
  if [[ -n $flag ]]; then _modulex_intercom_values "$at" "$flag"
  elif [[ $PREFIX == --*=* ]]; then
    flag=\${PREFIX%%=*}
    compset -P '*='
    _modulex_intercom_values "$at" "$flag"
  elif [[ $PREFIX == -* ]]; then _describe -o flag flags
  elif [[ -z $given ]] && (( $#offers )); then _describe command offers
  else _files
  fi
}

if [[ $funcstack[1] == _modulex_intercom ]]; then _modulex_intercom "$@"; else compdef _modulex_intercom modulex-intercom; fi
`,

  fish: (places) => `# fish completion for modulex-intercom
function __modulex_intercom_at
    switch "$argv[2]"
${places
  .map(
    ({ path, words, flags }) => `        case '${path}'
            switch $argv[1]
                case words
                    printf '%b\\n' ${described(words, '\\t', '"')}
                case flags
                    printf '%b\\n' ${described(flags, '\\t', '"')}
                case valued
                    printf '%s\\n' ${names(valued(flags))}
            end`,
  )
  .join('\n')}
        case '*'
            return 1
    end
    return 0
end

function __modulex_intercom_values
    switch "$argv[1] $argv[2]"
${cases(places, (path, flag, values) => `        case '${path} ${flag}'\n            printf '%s\\n' ${values.join(' ')}`)}
    end
end

function __modulex_intercom_offers
    set -l at ''
    set -l flag ''
    set -l given ''
    for word in (commandline -opc)[2..]
        if test -n "$flag"
            set flag ''
        else if string match -q -- '-*' "$word"
            if contains -- "$word" (__modulex_intercom_at valued "$at")
                set flag "$word"
            end
        else if test -z "$given"; and __modulex_intercom_at none (string trim "$at $word")
            set at (string trim "$at $word")
        else
            set given 1
        end
    end
    set -l cur (commandline -ct)
    set -l parts (string split -m 1 = -- "$cur")
    if test -n "$flag"
        set -l values (__modulex_intercom_values "$at" "$flag")
        if test -n "$values"
            printf '%s\\n' $values
        else
            __fish_complete_path "$cur"
        end
    else if test (count $parts) = 2; and string match -q -- '--*' "$cur"
        printf "$parts[1]=%s\\n" (__modulex_intercom_values "$at" "$parts[1]")
    else if string match -q -- '-*' "$cur"
        __modulex_intercom_at flags "$at"
    else if test -z "$given"; and test -n "$(__modulex_intercom_at words "$at")"
        __modulex_intercom_at words "$at"
    else
        __fish_complete_path "$cur"
    end
end

complete -c modulex-intercom -f -a '(__modulex_intercom_offers)'
`,
}

type FlagOffer = Place['flags'][number]

function valued(flags: readonly FlagOffer[]): readonly FlagOffer[] {
  return flags.filter(({ values }) => values !== null)
}

function names(offers: readonly Offer[]): string {
  return offers.map(({ name }) => name).join(' ')
}

/** Each name with what it is for, quoted. */
function described(offers: readonly Offer[], between: string, quote: '"' | "'" = "'"): string {
  const plain = (text: string) => text.replaceAll(/["'`\\$]/g, (found) => (found === "'" ? '’' : ''))
  return offers.map(({ name, about }) => `${quote}${name}${between}${plain(about)}${quote}`).join(' ')
}

/** A line for each flag that has values of its own. */
function cases(
  places: readonly Place[],
  line: (path: string, flag: string, values: readonly string[]) => string,
): string {
  return places
    .flatMap(({ path, flags }) =>
      flags.flatMap(({ name, values }) =>
        values === null || values.length === 0 ? [] : [line(path, name, values)],
      ),
    )
    .join('\n')
}
