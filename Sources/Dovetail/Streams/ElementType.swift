// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// The type of the elements of a stream or future: in the terms of the instance that names it, or of the host that made it.
struct ElementType {
    /// `nil` for one that the host names.
    unowned(unsafe) let instance: InstanceState?
    /// `nil` when there is nothing in an element.
    private let type: ValueType?
    /// The same as the host has it.
    private let shape: TypeShape?

    init(instance: InstanceState, type: ValueType?) {
        self.instance = instance
        self.type = type
        shape = nil
    }

    init(shape: TypeShape?) {
        instance = nil
        type = nil
        self.shape = shape
    }

    /// Whether elements can be copied as they are: there are none, or they are numbers.
    var isNoneOrNumber: Bool {
        guard let instance else {
            return switch shape {
            case nil, .u8?, .u16?, .u32?, .u64?, .s8?, .s16?, .s32?, .s64?, .f32?, .f64?: true
            default: false
            }
        }
        return switch type.map(instance.component.plan.types.dealiased) {
        case nil, .u8?, .u16?, .u32?, .u64?, .s8?, .s16?, .s32?, .s64?, .f32?, .f64?: true
        default: false
        }
    }

    func isSame(as other: ElementType) -> Bool {
        switch (instance, other.instance) {
        case (let mine?, let theirs?):
            // Types of one component are interned; only those of two have to be walked.
            if mine === theirs, type == other.type { return true }
            return FunctionComparison(
                expected: mine.component.plan.types, expectedResources: mine.resourceTypes,
                found: theirs.component.plan.types, foundResources: theirs.resourceTypes
            ).areSame(type, other.type)
        case (let mine?, nil): return other.fits(type, of: mine)
        case (nil, let theirs?): return fits(other.type, of: theirs)
        case (nil, nil): return shape == other.shape
        }
    }

    /// Which resources handles are of shows when an element crosses.
    private func fits(_ type: ValueType?, of instance: InstanceState) -> Bool {
        guard let shape, let type else { return shape == nil && type == nil }
        return shape.difference(from: type, in: instance.component.plan.types) == nil
    }
}
