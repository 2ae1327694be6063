// SPDX-License-Identifier: Apache-2.0

import DovetailABI
import DovetailTypes

/// The type of the elements of a stream or future, in the terms of the instance that names it.
struct ElementType {
    unowned(unsafe) let instance: InstanceState
    /// `nil` when there is nothing in an element.
    let type: ValueType?

    /// Whether elements can be copied as they are: there are none, or they are numbers.
    var isNoneOrNumber: Bool {
        switch type.map(instance.component.plan.types.dealiased) {
        case nil, .u8?, .u16?, .u32?, .u64?, .s8?, .s16?, .s32?, .s64?, .f32?, .f64?: true
        default: false
        }
    }

    func isSame(as other: ElementType) -> Bool {
        // Types of one component are interned; only those of two have to be walked.
        if instance === other.instance, type == other.type { return true }
        return FunctionComparison(
            expected: instance.component.plan.types, expectedResources: instance.resourceTypes,
            found: other.instance.component.plan.types, foundResources: other.instance.resourceTypes
        ).areSame(type, other.type)
    }
}
