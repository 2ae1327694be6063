// SPDX-License-Identifier: Apache-2.0

/// A component that keeps the rules of the component model; only ``ComponentValidator`` makes one.
/// What is inside of its core modules is left to the engine.
package struct ValidComponent: Sendable {
    /// The component, decoded.
    package let binary: ComponentBinary
    /// The features with which it was validated.
    package let features: ComponentFeatures
    /// What it imports and exports.
    let type: ComponentNode
    /// The core types that the module types in ``type`` refer to.
    let coreTypes: CoreTypeStore
    /// The core modules inside, at any depth, by the offset at which they begin.
    let coreModules: [Int: ModuleNode]

    init(
        binary: ComponentBinary, features: ComponentFeatures, type: ComponentNode, coreTypes: CoreTypeStore,
        coreModules: [Int: ModuleNode]
    ) {
        self.coreModules = coreModules
        self.binary = binary
        self.features = features
        self.type = type
        self.coreTypes = coreTypes
    }
}
