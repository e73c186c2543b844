#!/bin/sh
# Makes build/package/inox-VERSION-linux-ARCH.tar.xz: the command, its man pages and completions, licence and bill of materials. Two
# runs on the same source and packages give the same bytes. Called by ./dev package.
set -eu
inox=build/release/src/inox
version=$($inox --version | sed -n '1s/^inox \([^ ]*\).*/\1/p')
name=inox-$version-linux-$(uname -m)
top=build/package/$name
rm -rf build/package
mkdir -p "$top/bin" "$top/share/doc/inox"
strip -o "$top/bin/inox" "$inox"
DESTDIR="" sh packages/share.sh "$inox" "$top/share/man" "$top/share"
cp README.md LICENSE CHANGELOG.md SECURITY.md "$top/share/doc/inox/"
# SPDX 2.3, tag-value: what is in the package, and the libraries it loads, with the versions that it was built against.
{
	printf 'SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: %s\n' "$name"
	printf 'DocumentNamespace: https://spdx.org/spdxdocs/%s-%s\n' "$name" "$(sha256sum "$top/bin/inox" | cut -c1-16)"
	printf 'Creator: Tool: inox-package\nCreated: %s\n\n' "$(date -u -d "@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" +%Y-%m-%dT%H:%M:%SZ)"
	printf 'PackageName: inox\nSPDXID: SPDXRef-inox\nPackageVersion: %s\nPackageDownloadLocation: NOASSERTION\nFilesAnalyzed: false\nPackageLicenseConcluded: MIT\nPackageLicenseDeclared: MIT\nPackageCopyrightText: NOASSERTION\n\n' "$version"
	ldd "$inox" | sed -n 's/.*=> \([^ ]*\) .*/\1/p' | sort | while read -r file; do
		package=$(dpkg-query -S "$(readlink -f "$file")" 2>/dev/null | cut -d: -f1 | head -n 1)
		[ -n "$package" ] || continue
		printf 'PackageName: %s\nSPDXID: SPDXRef-%s\nPackageVersion: %s\nPackageDownloadLocation: NOASSERTION\nFilesAnalyzed: false\nPackageLicenseConcluded: NOASSERTION\nPackageLicenseDeclared: NOASSERTION\nPackageCopyrightText: NOASSERTION\nRelationship: SPDXRef-inox DYNAMIC_LINK SPDXRef-%s\n\n' \
			"$package" "$package" "$(dpkg-query -W -f='${Version}' "$package" | tr ' ' '\n' | head -n 1)" "$package"
	done
} >"$top/share/doc/inox/inox.spdx"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}" \
	-C build/package -cJf "build/package/$name.tar.xz" "$name"
sha256sum "build/package/$name.tar.xz"
