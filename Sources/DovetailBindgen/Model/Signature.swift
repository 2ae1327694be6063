// SPDX-License-Identifier: Apache-2.0

package import DovetailTypes
package import DovetailWITReader

/// A function, and what calling it means in any language.
package struct Signature {
    /// The function as WIT has it.
    package let definition: FunctionDefinition
    /// The parameters other than a method's `self`.
    package let parameters: [FunctionDefinition.Parameter]
    /// What comes back when the call succeeds; `nil` for nothing.
    package let output: ValueType?
    /// Whether the result is a `result`, whose error languages with exceptions throw.
    package let isFallible: Bool
    /// What a failure carries, if anything.
    package let failure: ValueType?
    /// Whether the function may suspend its caller.
    let isAsync: Bool
    /// Whether the first parameter is the object the function belongs to.
    package let isMethod: Bool
    /// Whether it can be written as a property that is read.
    package let isProperty: Bool
    /// The resource that it makes an object of.
    package let constructed: TypeID?
    /// Whether an argument hands a resource over.
    let givesAway: Bool

    init(_ function: FunctionDefinition, isAsync: Bool, _ facts: TypeFacts) {
        definition = function
        self.isAsync = isAsync
        isMethod = function.isMethod
        if case .constructor(let resource) = function.owner {
            constructed = facts.resource(resource)
        } else {
            constructed = nil
        }
        parameters = Array(function.parameters.dropFirst(isMethod ? 1 : 0))
        if let result = function.result, case .result(let ok, let error)? = facts.kind(of: result) {
            isFallible = true
            output = ok
            failure = error
        } else {
            isFallible = false
            output = function.result
            failure = nil
        }
        isProperty = function.role == .getter && parameters.isEmpty && output != nil
        givesAway = function.parameters.contains { facts.ownsHandles($0.type) }
    }
}

extension FunctionDefinition {
    /// Whether the first parameter is an object.
    var isMethod: Bool { if case .method = owner { true } else { false } }
}
