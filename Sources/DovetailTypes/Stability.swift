// SPDX-License-Identifier: Apache-2.0

/// The feature gate of a WIT item. (WIT.md, "Feature Gates")
public enum Stability: Hashable, Sendable {
    case unknown
    case stable(since: SemanticVersion, deprecated: SemanticVersion?)
    case unstable(feature: String, deprecated: SemanticVersion?)
}
