# lab fetch: a kernel, its modules and a busybox, cached as
#   SUITE-ARCH/kernel    what QEMU boots
#   SUITE-ARCH/guest/    what every initramfs starts from: bin/busybox and lib/modules/RELEASE
#   SUITE-ARCH/modules   which modules were asked for: another list is fetched anew

# What a guest loads; their dependencies follow by themselves.
readonly guest_modules=(virtio_pci virtio_net virtio_blk zram)
# What these ask for once they are loaded, where it is a module: zram's compressor, which newer kernels' zram has inside.
readonly later_modules=(lzo-rle)

lab_fetch() {
    expect 2 "$@"
    fetch_kernel "$@"
    say "$1 $2: kernel $(ls "$(kernel_folder "$@")/guest/lib/modules") in $(kernel_folder "$@")"
}

kernel_folder() { echo "$(cache)/$1-$2"; }

# In a subshell, so that the workspace is gone when it ends, whatever the caller does next.
fetch_kernel() (
    local suite=$1 arch=$2 result packages
    result=$(kernel_folder "$suite" "$arch")
    ! is_fetched "$result" || return 0
    [[ $suite != phone-* ]] || die "$suite is not built: run 'android/phones/kernels build'"
    [[ $arch == @(arm64|amd64) ]] || die "unknown architecture: $arch"
    need depmod modprobe xz zstd
    make_workspace
    say "fetching $suite $arch"
    open_archive "$suite" "$arch"
    mapfile -t packages < <(kernel_packages "$arch")
    ((${#packages[@]})) || die "$suite has no linux-image-cloud-$arch"
    unpack "$workspace/unpacked" "${packages[@]}" busybox-static
    collect "$workspace/unpacked" "$workspace/result"
    replace "$result"
)

# A kernel that was built here, and has the key of what it was built from, has what it needs inside.
is_fetched() {
    [[ -e $1/key || $(cat "$1/modules" 2>/dev/null) == "$(wanted_modules)" ]]
}

wanted_modules() { echo "${guest_modules[@]}" "${later_modules[@]}"; }

# It is moved there in one piece: what exists is complete. Another fetch may have been first; then its result serves.
replace() {
    [[ ! -d $1 ]] || mv -T "$1" "$workspace/replaced" 2>/dev/null || true
    mv -T "$workspace/result" "$1" 2>/dev/null || is_fetched "$1"
}

# linux-image-cloud-ARCH only depends on the real package; newer ones spread that again over four.
kernel_packages() {
    apt_private cache depends --recurse --no-{recommends,suggests,enhances,conflicts,breaks,replaces} \
        "linux-image-cloud-$1" 2>/dev/null | grep -E "^linux-(image|base|binary|modules)-[0-9].*-cloud-$1$" | sort -u
}

collect() {
    local unpacked=$1 result=$2 release
    # Newer packages have usr/lib only; kmod looks in lib.
    [[ -d $unpacked/lib/modules ]] || ln -sfn usr/lib "$unpacked/lib"
    release=$(ls "$unpacked/lib/modules")
    mkdir -p "$result/guest/bin"
    # The kernel is boot/vmlinuz-RELEASE or, in newer packages, the modules' neighbour vmlinuz.
    cp "$(find "$unpacked" -name 'vmlinuz*' -type f)" "$result/kernel"
    cp "$(find "$unpacked" -path '*bin/busybox' -type f)" "$result/guest/bin/busybox"
    collect_modules "$unpacked" "$result/guest" "$release"
    wanted_modules >"$result/modules"
}

# Modules go in uncompressed, for busybox cannot load compressed ones.
collect_modules() {
    local unpacked=$1 guest=$2 release=$3 from to
    local modules=lib/modules/$release
    mkdir -p "$guest/$modules"
    depmod -b "$unpacked" "$release"
    module_files "$unpacked" "$release" | while read -r from; do
        to=$guest/$modules/${from##*/}
        case $from in
            *.xz) xz -dc "$from" >"${to%.xz}" ;;
            *.zst) zstd -qdc "$from" >"${to%.zst}" ;;
            *) cp "$from" "$to" ;;
        esac
    done
    # So that asking for a module that some kernel has built in is no error.
    cp "$unpacked/$modules"/modules.{order,builtin,builtin.modinfo} "$guest/$modules/"
    depmod -b "$guest" "$release"
}

# The files of the guest's modules and of all that they depend on, whatever these are on this kernel.
module_files() {
    local look=(modprobe -d "$1" -S "$2" -C /dev/null --show-depends -a)
    { "${look[@]}" "${guest_modules[@]}" && { "${look[@]}" -q "${later_modules[@]}" || true; }; } |
        awk '$1 == "insmod" { print $2 }' | sort -u
}
