#!/bin/sh
# Writes what the command makes of itself, its man pages and completions, where systems look for them. Called by ./dev package and by
# meson install.
# usage: share.sh INOX MANDIR DATADIR
set -eu
inox=$1 man=${DESTDIR:-}$2 data=${DESTDIR:-}$3
mkdir -p "$man/man1" "$data/bash-completion/completions" "$data/zsh/site-functions" "$data/fish/vendor_completions.d"
$inox man >"$man/man1/inox.1"
for system in $($inox help --json | sed -n 's/.*"system": *"\([a-z0-9-]*\)".*/\1/p'); do
	$inox man "$system" >"$man/man1/inox-$system.1"
done
$inox completion bash >"$data/bash-completion/completions/inox"
$inox completion zsh >"$data/zsh/site-functions/_inox"
$inox completion fish >"$data/fish/vendor_completions.d/inox.fish"
