// SPDX-License-Identifier: Apache-2.0

package import DovetailBinaryReader

/// A component that keeps the rules of the component model; only ``ComponentValidator`` makes one.
/// What is inside of its core modules is left to the engine.
package struct ValidComponent: Sendable {
    /// The component, decoded.
    package let binary: ComponentBinary
    /// The features with which it was validated.
    package let features: ComponentFeatures
    /// The component, resolved.
    package let root: ResolvedComponent
    /// The core types that the module types in ``root`` refer to.
    let coreTypes: CoreTypeStore
    /// The core modules inside, at any depth, by the offset at which they begin.
    let coreModules: [Int: ModuleNode]

    /// The core module inside that begins at an offset.
    package func moduleNode(at offset: Int) -> ModuleNode? { coreModules[offset] }

    /// What it imports and exports.
    package var type: ComponentNode { root.type }

    init(
        binary: ComponentBinary, features: ComponentFeatures, root: ResolvedComponent, coreTypes: CoreTypeStore,
        coreModules: [Int: ModuleNode]
    ) {
        self.binary = binary
        self.features = features
        self.root = root
        self.coreTypes = coreTypes
        self.coreModules = coreModules
    }
}
