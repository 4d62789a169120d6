# Prints what zsh offers for command lines: completed.zsh SCRIPT 'words of a line'…; before each offer the number of its
# line. It types the lines into a zsh of its own, in a pseudo-terminal, where a key lists what compadd was given.
zmodload zsh/zpty
script=$1
shift
zpty shell zsh -f -i
until_shown() {
  local text
  output=
  while zpty -r shell text; do
    output+=$text
    [[ $text == *$1* ]] && return
  done
}
zpty -w shell "PS1=; autoload -Uz compinit; compinit -u -D; source $script"
zpty -w shell 'compadd() { if [[ " $* " == *" -"[OAD]" "* ]]; then builtin compadd "$@"; return; fi; local -a found; builtin compadd -A found "$@"; printf "offer:%s:\n" $found; builtin compadd "$@" }'
zpty -w shell 'list-all() { print "begin""offers"; _main_complete; print "end""offers" }; zle -C list-all list-choices list-all; bindkey "^I" list-all; print rea""dy'
until_shown ready
number=0
for words in "$@"; do
  zpty -n -w shell "modulex-intercom $words"$'\t'
  until_shown endoffers
  print -r -- "$output" | tr -d '\r' | sed -n "s/.*offer:\(.*\):\$/$number \1/p" | sed 's/ $//' | sort -u
  zpty -n -w shell $'\x15'
  (( number += 1 ))
done
zpty -d shell
