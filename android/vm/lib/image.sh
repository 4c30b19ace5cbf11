# lab image: an initramfs of busybox, the modules, guest-init and a payload.

lab_image() {
    expect 4 "$@"
    local suite=$1 arch=$2 out=$3 payload=$4
    [[ -d $payload ]] || die "no folder $payload"
    need cpio
    fetch_kernel "$suite" "$arch"
    make_workspace
    furnish "$(kernel_folder "$suite" "$arch")/guest" "$workspace/root" "$payload"
    # Not compressed: the guest's emulated processor would spend longer on unpacking than is saved.
    (cd "$workspace/root" && find . | cpio --quiet -o -H newc -R 0:0) >"$out"
}

furnish() {
    local guest=$1 root=$2 payload=$3
    mkdir -p "$root"/{dev,etc,payload,proc,root,sbin,sys,tmp,usr/bin,usr/sbin,var}
    cp -a "$guest/." "$root/"
    install -m 755 "$here/guest-init" "$root/init"
    printf '%s\n' "${guest_modules[@]}" >"$root/etc/modules"
    cp -a "$payload/." "$root/payload/"
}
