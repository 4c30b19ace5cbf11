# lab setup: the tools on this machine.

host_packages=(
    qemu-system-arm qemu-system-x86
    cpio kmod xz-utils zstd             # initramfs and modules
    e2fsprogs                           # disks for the guest
    secilc                              # SELinux policies for the guest
    debian-archive-keyring
)

lab_setup() {
    expect 0 "$@"
    install_missing "${host_packages[@]}"
}

install_missing() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    say "installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}" >&2
}

missing_packages() {
    local package
    for package; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
    done
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}
