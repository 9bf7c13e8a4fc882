# SPDX-License-Identifier: MIT
# complete.zsh FOLDER - types into a zsh of its own and waits for what FOLDER/_hebb completes; the caller sets a limit of time
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; stty cols 200 rows 500; LISTMAX=1000"
zpty -w shell 'show() { print -r -- "<$BUFFER>" }; zle -N show; bindkey "^T" show; bindkey "^I" complete-word'
zpty -w shell 'print RE''ADY'
zpty -r shell text '*READY*'

type() { # LINE WANTED: what is shown after a tab, or then stands in the line
	zpty -w -n shell "$1"$'\t\C-t'
	zpty -r shell text "*$2*"
	print -r -- "$1: $2"
	zpty -w -n shell $'\C-u'
}
type 'hebb tu' '<hebb tutorial'
type 'hebb train digits --ra' '<hebb train digits --rate'
type 'hebb train digits --optimizer ad' '<hebb train digits --optimizer adam'
type 'hebb evaluate model.onnx --par' '<hebb evaluate model.onnx --part'
zpty -d shell
print all
