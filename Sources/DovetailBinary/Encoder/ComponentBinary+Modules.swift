// SPDX-License-Identifier: Apache-2.0

import DovetailBinaryReader
import DovetailValidation

extension ComponentBinary {
    /// The bytes of the component, which was decoded from `bytes`, with other core modules in the places of those in `modules`.
    package func encoded(_ bytes: [UInt8], replacing modules: [Range<Int>: [UInt8]]) -> [UInt8] {
        var source = bytes
        var places: [Range<Int>: Range<Int>] = [:]
        for (range, module) in modules.sorted(by: { $0.key.lowerBound < $1.key.lowerBound }) {
            places[range] = source.count..<(source.count + module.count)
            source += module
        }
        return ComponentEncoder.encode(moving(places), source: source)
    }

    private func moving(_ places: [Range<Int>: Range<Int>]) -> ComponentBinary {
        var component = self
        for index in component.definitions.indices {
            switch component.definitions[index].value {
            case .coreModule(let range):
                component.definitions[index].value = .coreModule(places[range] ?? range)
            case .component(let nested): component.definitions[index].value = .component(nested.moving(places))
            default: continue
            }
        }
        return component
    }
}
