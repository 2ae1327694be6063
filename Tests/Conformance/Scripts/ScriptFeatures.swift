// SPDX-License-Identifier: Apache-2.0

import DovetailBinary
import DovetailTestSupport

/// The features that a script is validated with.
enum ScriptFeatures {
    private static let official: ComponentFeatures = [
        .standard, .asyncStackful, .moreAsyncBuiltins, .threading, .fixedLengthLists, .forward,
    ]

    private static let runtimeNames: [(String, ComponentFeatures)] = [
        ("component_model_async", .async), ("component_model_more_async_builtins", .moreAsyncBuiltins),
        ("component_model_threading", .threading), ("component_model_async_stackful", .asyncStackful),
        ("component_model_error_context", .errorContext), ("component_model_implements", .implements),
        ("component_model_map", .map), ("component_model_memory64", .memory64),
        ("component_model_gc", .garbageCollection),
    ]

    /// What `script` of `suite` asks for.
    static func of(_ script: JSON, suite: String) -> ComponentFeatures {
        switch suite {
        case "wast/component-model": return official
        case "wast/wasmtime":
            var features = ComponentFeatures.standard
            for (name, feature) in runtimeNames {
                switch script["config"]?[name]?.bool {
                case true: features.insert(feature)
                case false: features.remove(feature)
                case nil: break
                }
            }
            return features
        default:
            var features = ComponentFeatures.standard
            for name in script["features"]?.strings ?? [] {
                for (known, feature) in ComponentFeatures.names {
                    if name == known { features.insert(feature) }
                    if name == "-" + known { features.remove(feature) }
                }
            }
            return features
        }
    }
}
