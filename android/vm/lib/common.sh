# What every part of the lab uses, and android/phones.

# Standard output belongs to the guest's console: the lab itself speaks on standard error.
say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "$@" && exit 1; }

need() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null || die "$tool is missing: run '${0##*/} setup'"
    done
}

# expect COUNT WORD...: dies with the usage unless exactly COUNT words follow.
expect() {
    (($# - 1 == $1)) || { usage >&2 && exit 64; }
}

cache() { realpath -m "${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}/vm"; }

# Makes $workspace, inside the cache so that a finished result is moved, not copied, into place.
make_workspace() {
    mkdir -p "$(cache)"
    workspace=$(mktemp -d "$(cache)/work.XXXXXX")
    trap 'rm -rf "$workspace"' EXIT
    trap 'exit 130' INT TERM
}
