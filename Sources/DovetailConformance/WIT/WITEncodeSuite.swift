// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTypes
import DovetailWIT

/// WIT packages in binary form: encoding, decoding and printing agree with each other and with what is recorded.
struct WITEncodeSuite: Suite {
    private let folder: DataFolder
    private let entries: [JSON]

    init(folder: DataFolder) throws {
        self.folder = folder
        entries = try folder.json("manifest.json").list("cases")
    }

    func cases() throws -> [CaseReference] {
        try entries.map { CaseReference(identifier: try $0.text("id"), units: [""]) }
    }

    func run(_ identifier: String, recorder: Recorder) throws {
        guard let entry = entries.first(where: { $0["id"]?.string == identifier }) else {
            throw CaseFailure("there is no case `\(identifier)`")
        }
        recorder.unit(0) { try check(entry) }
    }

    private func check(_ entry: JSON) throws {
        let base = folder.folder(try entry.text("path"))
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
