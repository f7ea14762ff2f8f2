# shellcheck shell=bash
# Sourced by ./run and ./test: what both do before they differ.

fail() {
    echo "${0##*/}: $2" >&2
    exit "$1"
}

# The package names of the given parts of .ci/packages (a part begins with its name as a comment).
packages_of() {
    local part
    for part in "$@"; do
        awk -v part="# $part" '/^#/ { here = ($0 == part); next } here && NF { print $1 }' .ci/packages
    done
}

missing_packages() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' 2>/dev/null | awk '$1 == "ii" { sub(/:.*/, "", $2); print $2 }')
    packages_of "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Without this, installing PostgreSQL makes and starts a cluster of Debian's own that nobody here uses.
keep_debian_from_making_a_cluster() {
    local drop_in=/etc/postgresql-common/createcluster.d/gazetted.conf
    as_root install -d -m 755 "${drop_in%/*}"
    echo 'create_main_cluster = false' | as_root tee "$drop_in" >/dev/null
}

# Installs what is missing of the given parts, after saying so.
install_packages() {
    local missing=()
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        fail 1 "these packages are missing and there is no sudo; install them as root: ${missing[*]}"
    fi
    echo "Installing Debian packages$([ "$(id -u)" -eq 0 ] || echo ' through sudo'): ${missing[*]}"
    if printf '%s\n' "${missing[@]}" | grep -qx postgresql && ! dpkg-query -W 'postgresql-[0-9]*' >/dev/null 2>&1; then
        keep_debian_from_making_a_cluster
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# The npm libraries that read our feeds in tests, where there is npm; without them those tests are skipped.
install_reading_libraries() {
    local folder=build/reading_libraries
    command -v npm >/dev/null || return 0
    mkdir -p "$folder"
    if ! cmp -s tests/end_to_end/readers/package.json "$folder/package.json"; then
        cp tests/end_to_end/readers/package.json "$folder/"
        npm install --prefix "$folder" --no-package-lock --no-audit --no-fund --silent || {
            rm -f "$folder/package.json"
            echo "test: npm could not install them, so tests of npm libraries are skipped" >&2
        }
    fi
    export NODE_PATH=$PWD/$folder/node_modules${NODE_PATH:+:$NODE_PATH}
}

# build PRESET [TARGET...]: configures where that was not done yet; ninja configures again by itself where a CMake file changed.
build() {
    local preset=$1
    shift
    command -v cmake >/dev/null || fail 1 "cmake is not installed; run without --no-install"
    if [ ! -e "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
        cmake --preset "$preset"
    fi
    cmake --build --preset "$preset" ${1:+--target "$@"}
}
