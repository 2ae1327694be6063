// SPDX-License-Identifier: Apache-2.0

extension BinaryError {
    package static func invalid(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(code: .invalid, message: message, where: .init(offset: offset))
    }

    package static func typeMismatch(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(code: .typeMismatch, message: message, where: .init(offset: offset))
    }

    package static func name(_ message: String, at offset: Int) -> BinaryError {
        BinaryError(code: .name, message: message, where: .init(offset: offset))
    }

    package static func unknownIndex(_ index: UInt32, _ what: String, count: Int, at offset: Int) -> BinaryError {
        BinaryError(
            code: .unknownIndex, message: "unknown \(what) \(index), only \(count) are defined",
            where: .init(offset: offset))
    }

    package static func feature(_ what: String, _ missing: ComponentFeatures, at offset: Int) -> BinaryError {
        let name = ComponentFeatures.names.first { !$0.feature.isDisjoint(with: missing) }?.name ?? ""
        return BinaryError(
            code: .featureDisabled, message: "\(what) requires the feature `\(name)`, which is switched off",
            where: .init(offset: offset))
    }

    package static func missing(_ what: String, at offset: Int) -> BinaryError {
        BinaryError(code: .typeMismatch, message: "missing \(what)", where: .init(offset: offset))
    }

    package static func conflict(_ what: String, _ name: String, _ previous: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .name, message: "\(what) `\(name)` conflicts with previous `\(previous)`",
            where: .init(offset: offset))
    }

    package static func expected(_ expected: String, found: String, at offset: Int) -> BinaryError {
        BinaryError(
            code: .typeMismatch, message: "expected \(expected), found \(found)", where: .init(offset: offset))
    }

    /// The same error, one step further out.
    package func inside(_ step: String) -> BinaryError {
        var error = self
        error.where.path.insert(step, at: 0)
        return error
    }
}
