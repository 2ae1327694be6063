// SPDX-License-Identifier: Apache-2.0

/// The elements of a list value; numbers are kept in arrays of their own type, so that they move in bulk.
///
/// Lifting gives the bulk case for every list of numbers; lowering takes either. Equality compares elements.
public enum ListValue: Sendable {
    case values([Value])
    case s8([Int8]), u8([UInt8]), s16([Int16]), u16([UInt16]), s32([Int32]), u32([UInt32]), s64([Int64]), u64([UInt64])
    case f32([Float]), f64([Double])

    /// All elements as values.
    public var elements: [Value] {
        if case .values(let values) = self { return values }
        return Array(self)
    }
}

extension ListValue: RandomAccessCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }

    /// The number of elements.
    public var endIndex: Int {
        switch self {
        case .values(let list): list.count
        case .s8(let list): list.count
        case .u8(let list): list.count
        case .s16(let list): list.count
        case .u16(let list): list.count
        case .s32(let list): list.count
        case .u32(let list): list.count
        case .s64(let list): list.count
        case .u64(let list): list.count
        case .f32(let list): list.count
        case .f64(let list): list.count
        }
    }

    /// The element at `index`.
    public subscript(index: Int) -> Value {
        switch self {
        case .values(let list): list[index]
        case .s8(let list): .s8(list[index])
        case .u8(let list): .u8(list[index])
        case .s16(let list): .s16(list[index])
        case .u16(let list): .u16(list[index])
        case .s32(let list): .s32(list[index])
        case .u32(let list): .u32(list[index])
        case .s64(let list): .s64(list[index])
        case .u64(let list): .u64(list[index])
        case .f32(let list): .f32(list[index])
        case .f64(let list): .f64(list[index])
        }
    }
}

extension ListValue: Hashable {
    /// Whether both lists have the same elements, however they are kept.
    public static func == (left: ListValue, right: ListValue) -> Bool {
        switch (left, right) {
        case (.s8(let a), .s8(let b)): a == b
        case (.u8(let a), .u8(let b)): a == b
        case (.s16(let a), .s16(let b)): a == b
        case (.u16(let a), .u16(let b)): a == b
        case (.s32(let a), .s32(let b)): a == b
        case (.u32(let a), .u32(let b)): a == b
        case (.s64(let a), .s64(let b)): a == b
        case (.u64(let a), .u64(let b)): a == b
        default: left.elementsEqual(right)
        }
    }

    /// Hashes the elements one by one, so that equal lists have equal hashes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for element in self { hasher.combine(element) }
    }
}
