// SPDX-License-Identifier: Apache-2.0

/// A version after Semantic Versioning 2.0.0.
public struct SemanticVersion: Hashable, Sendable {
    /// The major number.
    public let major: UInt64
    /// The minor number.
    public let minor: UInt64
    /// The patch number.
    public let patch: UInt64
    /// The dot-separated identifiers behind `-`; empty for a release.
    public let prerelease: [String]
    /// The dot-separated identifiers behind `+`; they do not take part in the order.
    public let build: [String]

    /// Makes a version from its parts.
    public init(
        _ major: UInt64, _ minor: UInt64, _ patch: UInt64, prerelease: [String] = [], build: [String] = []
    ) {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.prerelease = prerelease
        self.build = build
    }

    /// Reads `1.2.3-pre.1+build`; `nil` when `text` is anything else.
    public init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        var build: [String] = []
        var prerelease: [String] = []
        if let plus = rest.firstIndex(of: "+") {
            guard let parts = Self.identifiers(rest[rest.index(after: plus)...], numeric: false) else { return nil }
            build = parts
            rest = rest[..<plus]
        }
        if let dash = rest.firstIndex(of: "-") {
            guard let parts = Self.identifiers(rest[rest.index(after: dash)...], numeric: true) else { return nil }
            prerelease = parts
            rest = rest[..<dash]
        }
        let numbers = rest.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, let major = Self.number(numbers[0]), let minor = Self.number(numbers[1]),
            let patch = Self.number(numbers[2])
        else { return nil }
        self.init(major, minor, patch, prerelease: prerelease, build: build)
    }

    private static func number(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard text.utf8.count == 1 || text.utf8.first != 0x30 else { return nil }
        return UInt64(text)
    }

    private static func identifiers(_ text: Substring, numeric: Bool) -> [String]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        for part in parts {
            guard !part.isEmpty else { return nil }
            var onlyDigits = true
            for byte in part.utf8 {
                switch byte {
                case 0x30...0x39: continue
                case 0x41...0x5a, 0x61...0x7a, 0x2d: onlyDigits = false
                default: return nil
                }
            }
            if numeric, onlyDigits, part.utf8.count > 1, part.utf8.first == 0x30 { return nil }
        }
        return parts.map(String.init)
    }

    /// What the versions that may stand in for each other have in common: `1`, `0.2`, `0.0.3`;
    /// a pre-release stands only for itself. (Explainer.md, "Import and Export Definitions", canonical interface names)
    public var compatibilityTrack: String {
        if !prerelease.isEmpty { return "\(major).\(minor).\(patch)-\(prerelease.joined(separator: "."))" }
        if major > 0 { return "\(major)" }
        if minor > 0 { return "0.\(minor)" }
        return "0.0.\(patch)"
    }
}

extension SemanticVersion: Comparable {
    /// The order of semver.org, section 11; build metadata is left out.
    public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        if left.major != right.major { return left.major < right.major }
        if left.minor != right.minor { return left.minor < right.minor }
        if left.patch != right.patch { return left.patch < right.patch }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        for (one, other) in zip(left.prerelease, right.prerelease) where one != other {
            let first = one.utf8.allSatisfy { (0x30...0x39).contains($0) }
            let second = other.utf8.allSatisfy { (0x30...0x39).contains($0) }
            if first && second {
                // Numbers of any length: without leading zeros the longer one is the larger.
                if one.utf8.count != other.utf8.count { return one.utf8.count < other.utf8.count }
                return one < other
            }
            if first != second { return first }
            return one < other
        }
        return left.prerelease.count < right.prerelease.count
    }
}

extension SemanticVersion: CustomStringConvertible {
    /// The version as it is written.
    public var description: String {
        var text = "\(major).\(minor).\(patch)"
        if !prerelease.isEmpty { text += "-" + prerelease.joined(separator: ".") }
        if !build.isEmpty { text += "+" + build.joined(separator: ".") }
        return text
    }
}
