// SPDX-License-Identifier: Apache-2.0

import Dovetail
import DovetailTestSupport

/// Calls exports with random arguments. Valid arguments of an echo function have to come back; others have to be refused.
final class CallCases {
    private let seed: Int
    private let files: [SourceFiles.File]
    private let engine: Engine
    private var components: [Int: Component?] = [:]
    private var instances: [Int: Instance] = [:]

    init(seed: Int, files: [SourceFiles.File]) throws {
        self.seed = seed
        self.files = files
        engine = try Engine()
    }

    /// Runs one case.
    /// - Returns: how the call ended.
    /// - Throws: ``Worker/Wrong`` when the outcome is wrong.
    func run(_ number: Int) throws -> String {
        var random = SeededGenerator(seed: seed, case: number)
        let index = random.below(files.count)
        guard let component = component(index) else { return "not loaded" }
        let instance: Instance
        if let known = instances[index] {
            instance = known
        } else {
            guard let made = try? GuestHost.instantiate(component, engine) else { return "not instantiated" }
            instances[index] = made
            instance = made
        }
        let names = instance.functionNames
        guard !names.isEmpty, let function = try? instance.function(names[random.below(names.count)]) else {
            return "no function"
        }
        var values = RandomValues(types: function.types, random: random, resources: handles(instance, &random))
        values.wrongness = values.random.oneIn(2) ? 0 : 1 + values.random.below(20)
        var arguments: [Value] = []
        for parameter in function.type.parameters { arguments.append(values.value(parameter.type)) }
        var isWrong = values.isWrong
        if values.random.oneIn(20) {
            isWrong = true
            if values.random.oneIn(2), !arguments.isEmpty { arguments.removeLast() } else { arguments.append(.u8(1)) }
        }
        let isEcho = files[index].path.hasSuffix("/echo.wasm")
        do {
            let result = try function.call(arguments)
            if isEcho, result != arguments.first {
                throw Worker.Wrong(
                    description: "`\(function.name)` gave back another value: \(arguments) became \(result as Any)")
            }
            return isWrong ? "called with what happened to fit" : "called"
        } catch let error as CallError {
            if isEcho, !isWrong {
                throw Worker.Wrong(description: "`\(function.name)` refused what fits: \(error)")
            }
            return "refused"
        } catch let error as Worker.Wrong {
            throw error
        } catch {
            // A trap or an error of the host closes the instance: the next case gets a new one.
            instances[index] = nil
            if isEcho, !isWrong { throw Worker.Wrong(description: "`\(function.name)` trapped: \(error)") }
            return "trapped"
        }
    }

    private func component(_ index: Int) -> Component? {
        if let known = components[index] { return known }
        let component = try? Component(engine: engine, bytes: files[index].bytes)
        components[index] = .some(component)
        return component
    }

    /// New handles of the resources that the component makes itself from one number; some of them dropped already.
    private func handles(_ instance: Instance, _ random: inout SeededGenerator) -> [TypeID: [Resource]] {
        var result: [TypeID: [Resource]] = [:]
        for name in instance.functionNames where name.contains("[constructor]") {
            guard let make = try? instance.function(name), case .defined(let result_)? = make.type.result,
                case .own(let id) = make.types[result_].kind
            else { continue }
            for _ in 0..<2 {
                guard case .resource(let handle)? = try? make.call(make.type.parameters.map { _ in .u32(7) }) else {
                    continue
                }
                if random.oneIn(3) { try? handle.drop() }
                result[make.types.resource(id), default: []].append(handle)
            }
        }
        return result
    }
}
