// SPDX-License-Identifier: Apache-2.0

/// A package of the Python package index, of one version and with known wheels.
struct PinnedPackage {
    /// Its name.
    let name: String
    /// Its version.
    let version: String
    /// The SHA-256 of the wheels, one for each kind of machine.
    let hashes: [String]

    /// The line of a requirements file.
    var requirement: String {
        "\(name)==\(version)" + hashes.map { " --hash=sha256:\($0)" }.joined()
    }

    /// Zig, of which headers of WASI's C library and of libc++ are taken, and routines that compiled code calls.
    static let zig = PinnedPackage(
        name: "ziglang", version: "0.17.1",
        hashes: [
            "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
            "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
            "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
            "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97",
        ])

    /// What resolves requirements, and reads and writes wheels.
    static let tools = [
        PinnedPackage(
            name: "uv", version: "0.13.9",
            hashes: [
                "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
                "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
                "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
                "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
            ]),
        PinnedPackage(
            name: "wheel", version: "0.48.0",
            hashes: ["3217dcc807155e45db462d7ef2431f5ddda0d7273b700d05a67b271ceb1287ab"]),
        PinnedPackage(
            name: "pkgconf", version: "3.0.7.post0",
            hashes: [
                "bd3ee4b5294a888d58462324cb83b7c0bc7150cc15b64b36aaf983e4b0ab90d5",
                "4ece8d4e650ee172ddadff762ad31a590a4d91a070806aee09eb92a89e67f559",
                "47cbf6889d84297b9a4e1741ae016daa4e198f3ec8bab7ce74554cc50b77cce4",
                "3a688f02e12602b4a2be79d9a54ed598d5c44fc2fe042a7501aae53054e4688d",
            ]),
        PinnedPackage(
            name: "packaging", version: "26.4",
            hashes: ["81383611a09c1bc0b08b76e0fd5829d7c6824c65b27a6aee339da133f4233ea2"]),
    ]
}
