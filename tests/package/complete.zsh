# SPDX-License-Identifier: MIT
# complete.zsh FOLDER - what zsh completes with FOLDER/_hebb, typed into a zsh of its own
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; zstyle ':completion:*' list-prompt ''; LISTMAX=1000; stty cols 200 rows 500; bindkey '^I' complete-word"
sleep 1
for line in "hebb tu" "hebb train digits --optimizer ada" "hebb train digits --ra"; do
	zpty -w -n shell "$line"$'\t\t'
	sleep 1
	zpty -w -n shell $'\C-u'
done
text=
while zpty -r -t shell part; do
	text+=$part
done
zpty -d shell
print -r -- "$text" | tr -d '\r\a'
