#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The C and C++ compiler that build backends call: clang for WASI, and libraries of CPython's in place of the system's.
# What is between @ signs is filled in where the toolchain is laid out.
root=${0%/*}/.. tools='@TOOLS@' libraries='@LIBRARIES@'
driver=clang links=1 kind=program
case ${0##*/} in *++*) driver=clang++ ;; esac
for word do
    shift
    case $word in
    -c | -E | -S | -M | -MM | -dM | -fsyntax-only | --version | -dumpversion | -dumpmachine | -\#\#\# | -print-* | --print-*)
        links= ;;
    -shared) kind=library && continue ;;
    # Words for other linkers, and libraries that are always linked, or part of WASI's C library.
    -pthread | -lm | -lpthread | -ldl | -lrt | -lutil | -lc | -lpython3* | -lstdc++ | -lc++ | -lc++abi) continue ;;
    -Wl,-soname,* | -Wl,-h,* | -Wl,-rpath* | -Wl,-z,* | -Wl,-O* | -Wl,-Bsymbolic* | -Wl,--as-needed | -Wl,--no-as-needed) continue ;;
    -Wl,--no-undefined | -Wl,--allow-shlib-undefined | -Wl,--start-group | -Wl,--end-group | -Wl,--version-script*) continue ;;
    -Wl,--exclude-libs* | -Wl,--build-id* | -Wl,--hash-style* | -Wl,--sort-common) continue ;;
    esac
    set -- "$@" "$word"
done
set -- --target=wasm32-wasip2 -resource-dir="$root/clang" --sysroot="$root/sysroot" -idirafter "$root/python" -isystem "$root/include" -fPIC -msimd128 \
    -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID "$@"
[ $driver = clang ] || set -- -nostdinc++ -include "$root/c++/config_site.h" -isystem "$root/c++/v1" -fignore-exceptions "$@"
[ "$links" ] || exec "$tools/$driver" "$@"
# The entry keeps the driver from asking for `_initialize`, without which constructors would be dropped.
options=-Wl,--experimental-pic,--entry=__wasm_call_ctors,--strip-all,--unresolved-symbols=report-all
set -- "$@" -fuse-ld="$tools/wasm-ld" -nostdlib -shared -L"$root/lib"
if [ $kind = library ]; then
    exec "$tools/$driver" "$@" $options -Wl,--allow-undefined-file="$root/lib/supplied.txt" -L"$libraries" \
        -lexceptions -lstandard -lc++ -lc++abi -lpython3.14 -lwasi-emulated-signal -lwasi-emulated-process-clocks \
        -lwasi-emulated-getpid -lc -lbuiltins
fi
# Programs are only linked to see whether something is there, often declared with another signature: what has to be is the name. They
# become libraries, too, of which nothing may be left out then.
exec "$tools/$driver" "$@" $options,--no-gc-sections -Wl,--allow-undefined-file="$root/lib/symbols.txt" -lexceptions -lbuiltins
