// SPDX-License-Identifier: Apache-2.0

import DovetailTypes

// Feature gates and other attributes. (WIT.md, "Feature Gates")
extension PackageResolver {
    /// The gate that attributes say.
    func stability(_ attributes: [WITSyntax.Attribute]) -> Stability {
        var since: SemanticVersion?
        var feature: String?
        var deprecated: SemanticVersion?
        var spans: [String: SourceSpan] = [:]
        for attribute in attributes {
            let name: String
            switch attribute.kind {
            case .since(let version):
                name = "since"
                since = version
            case .unstable(let found):
                name = "unstable"
                feature = found
            case .deprecated(let version):
                name = "deprecated"
                deprecated = version
            case .externalID: continue
            }
            if spans.updateValue(attribute.span, forKey: name) != nil {
                report(.attributeTwice(name, at: attribute.span))
            }
        }
        if let since {
            if feature != nil, let span = spans["since"] { report(.sinceAndUnstable(at: span)) }
            return .stable(since: since, deprecated: deprecated)
        }
        if let feature { return .unstable(feature: feature, deprecated: deprecated) }
        if let span = spans["deprecated"] { report(.deprecatedAlone(at: span)) }
        return .unknown
    }

    func externalID(_ attributes: [WITSyntax.Attribute]) -> String? {
        for attribute in attributes {
            if case .externalID(let text) = attribute.kind { return text }
        }
        return nil
    }

    /// Whether the features leave an item out.
    func isGatedAway(_ stability: Stability) -> Bool {
        if case .unstable(let feature, _) = stability { !shared.features.contains(feature) } else { false }
    }

    /// Whether the gate lets an item through; wrong versions are reported at `span`.
    func isIncluded(_ stability: Stability, at span: SourceSpan) -> Bool {
        switch stability {
        case .unknown: return true
        case .unstable(let feature, _): return shared.features.contains(feature)
        case .stable(let since, _):
            guard let version = package.name.version else {
                report(.gateWithoutVersion(package.name, at: span))
                return true
            }
            if since > version { report(.unreleased(since, package.name, at: span)) }
            return true
        }
    }
}
