// SPDX-License-Identifier: Apache-2.0

/// The feature gate of a WIT item. (WIT.md, "Feature Gates")
public enum Stability: Equatable, Sendable {
    case unknown
    indirect case stable(since: SemanticVersion, deprecated: SemanticVersion?)
    indirect case unstable(feature: String, deprecated: SemanticVersion?)
}
