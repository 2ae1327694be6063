// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport
import DovetailTypes
import DovetailWIT

/// WIT packages in binary form: encoding, decoding and printing agree with each other and with what is recorded.
struct WITEncodeSuite: ManifestSuite {
    let manifest: Manifest

    init(folder: DataFolder) throws { manifest = try Manifest(folder) }

    func check(_ entry: JSON, _ base: DataFolder) throws {
        let printed = String(decoding: try base.bytes(try entry.text("expected_print")), as: UTF8.self)
        let recorded = try base.bytes(try entry.text("expected_wasm"))
        let resolved = try WIT.resolve(try WITLoader.load(base.file(try entry.text("input"))))
        try WITTexts.expect(
            WITPrinter.text(of: resolved.root, in: resolved.graph), equals: printed, "the input, printed")
        let encoded = try WITTexts.expectEncodes(resolved.root, in: resolved.graph)
        guard try WITTexts.definitions(encoded) == WITTexts.definitions(recorded) else {
            throw CaseFailure("the encoded types differ from those that are recorded")
        }
        let decoded = try WITDecoder.decode(recorded)
        try WITTexts.expect(
            WITPrinter.text(of: decoded.package, in: decoded.graph), equals: printed, "the recorded binary, printed")
        try WITTexts.expectReadsBack(decoded.package, in: decoded.graph)
    }
}
