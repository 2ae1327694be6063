// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import Foundation
import Testing

/// What the validator says of the conformance data's binaries.
@Suite(.enabled(if: Corpus.isAvailable, "the conformance data is not beside the package"))
struct CorpusValidationTests {
    /// The features with which upstream runs a script.
    static func features(of command: Corpus.Command) -> ComponentFeatures {
        switch command.suite {
        case "component-model":
            return [
                .standard, .asyncStackful, .moreAsyncBuiltins, .threading, .fixedLengthLists, .forward,
            ]
        case "wasmtime":
            return command.script.contains("implements-disabled")
                ? ComponentFeatures.all.subtracting(.implements) : .all.subtracting(.garbageCollection)
        default:
            var features = ComponentFeatures.standard
            for name in command.features {
                let isOff = name.hasPrefix("-")
                for known in ComponentFeatures.names where known.name == (isOff ? String(name.dropFirst()) : name) {
                    if isOff { features.remove(known.feature) } else { features.insert(known.feature) }
                }
            }
            return features
        }
    }

    /// Commands whose verdict differs, with the reason; `script:line`.
    static let known: [String: String] = [:]

    @Test func verdictsAgree() throws {
        var counts: [String: (passed: Int, failed: Int)] = [:]
        for command in try Corpus.commands() {
            let verdict: BinaryError?
            do throws(BinaryError) {
                let bytes = command.bytes
                _ = try ComponentValidator.validate(
                    try ComponentDecoder.decode(bytes), bytes: bytes, features: Self.features(of: command))
                verdict = nil
            } catch {
                verdict = error
            }
            let isRejection = command.type == "assert_invalid" || command.type == "assert_malformed"
            let key = "\(command.suite) \(command.type)"
            let place = "\(command.suite)/\(command.script):\(command.line)"
            if (verdict != nil) == isRejection {
                counts[key, default: (0, 0)].passed += 1
            } else {
                counts[key, default: (0, 0)].failed += 1
                #expect(Self.known[place] != nil, "\(command): \(verdict?.description ?? "accepted")")
            }
        }
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("validation, \(key): \(count.passed) passed, \(count.failed) failed")
        }
    }
}
