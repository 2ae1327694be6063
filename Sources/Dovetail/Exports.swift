// SPDX-License-Identifier: Apache-2.0

@_exported public import DovetailTypes

// One `import Dovetail` is enough: these are the types of other rooms that users name. How values cross is for bindings, which
// import DovetailABI.
@_exported public import struct DovetailABI.ABIError
@_exported public import struct DovetailABI.Borrow
@_exported public import protocol DovetailABI.ComponentConvertible
@_exported public import protocol DovetailABI.ComponentEnum
@_exported public import protocol DovetailABI.ComponentFlags
@_exported public import struct DovetailABI.Empty
@_exported public import protocol DovetailABI.FixedCount
@_exported public import struct DovetailABI.FixedLengthList
@_exported public import enum DovetailABI.ListValue
@_exported public import struct DovetailABI.MapEntry
@_exported public import struct DovetailABI.ObjectValue
@_exported public import struct DovetailABI.Own
@_exported public import struct DovetailABI.RecordField
@_exported public import class DovetailABI.Resource
@_exported public import class DovetailABI.ResourceType
@_exported public import struct DovetailABI.ResultError
@_exported public import enum DovetailABI.Value
