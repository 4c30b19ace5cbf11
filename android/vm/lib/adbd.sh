# lab adbd: Android's own adbd and shell (mksh) as Debian builds them, with what they need, cached as adbd-ARCH/.

# Only the backports have it, and their libraries of the same version.
readonly adbd_suite=bookworm-backports

lab_adbd() {
    expect 2 "$@"
    local arch=$1 out=$2
    fetch_adbd "$arch"
    mkdir -p "$out"
    cp -a "$(adbd_folder "$arch")/." "$out/"
}

adbd_folder() { echo "$(cache)/adbd-$1"; }

fetch_adbd() (
    local result packages
    result=$(adbd_folder "$1")
    [[ ! -d $result ]] || return 0
    make_workspace
    say "fetching adbd $1"
    open_archive "${adbd_suite%-backports}" "$1" "$adbd_suite"
    echo "APT::Default-Release \"$adbd_suite\";" >>"$workspace/apt/apt.conf"
    mapfile -t packages < <(adbd_packages)
    unpack "$workspace/unpacked" "${packages[@]}" mksh
    collect_adbd "$workspace/unpacked" "$workspace/result"
    mv -T "$workspace/result" "$result" 2>/dev/null || [[ -d $result ]]
)

# libelogind0 is the other choice for libsystemd0, and has files of the same names.
adbd_packages() {
    apt_private cache depends --recurse --no-{recommends,suggests,enhances,conflicts,breaks,replaces} adbd |
        grep -E '^[a-z]' | grep -vE '^(libelogind0|gcc-.*-base)$' | sort -u
}

# The programs, the loader and the libraries.
collect_adbd() {
    local unpacked=$1 result=$2
    mkdir -p "$result/usr/bin"
    rm -rf "$unpacked"/usr/lib/{systemd,modules-load.d,diet,klibc,*-musl,*/gconv}
    cp "$unpacked/usr/lib/android-sdk/platform-tools/adbd" "$result/usr/bin/"
    cp "$unpacked/bin/mksh" "$result/usr/bin/"
    [[ ! -d $unpacked/lib ]] || cp -a "$unpacked/lib" "$result/"
    cp -a "$unpacked/usr/lib" "$result/usr/"
    rm -rf "$result/usr/lib/android-sdk"
}
