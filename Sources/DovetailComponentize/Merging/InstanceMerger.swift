// SPDX-License-Identifier: Apache-2.0

package import DovetailBinary
import DovetailTypes

/// Makes one of the core instances of a component that share a memory: those of libraries and of the module that owns what they share.
/// Their core modules become one. (``CoreModuleMerger``)
///
/// An engine then looks up no imports between them, calls go straight to functions, and tables are filled when they are used.
///
/// What has to exist before functions can be lowered stays apart: shims, and the memory, where libraries import functions that are
/// lowered with it. So does what needs such functions and is not joined: the module that fills the table of the shims.
package struct InstanceMerger {
    let bytes: [UInt8]
    let component: ComponentBinary
    /// The core modules that stand in the places of others.
    private(set) var replaced: [Range<Int>: CoreModuleBinary]
    /// The positions of definitions by the core index spaces that they are in.
    let positions: [CoreSort: [Int]]
    /// The core modules that are instantiated once, by the positions of the instances. The one that was parted has no memory.
    private(set) var modules: [Int: CoreModuleBinary]
    /// The instance whose memory becomes an instance of its own.
    private(set) var parted: (position: Int, instance: UInt32, memory: CoreModuleBinary)?
    /// What the core instances export, by their positions: those of ``modules``, and those made of exports.
    private let exports: [Int: [ExactName: CoreSortIndex]]
    /// The instances that become one, by position, in the order of their instantiation.
    private(set) var members: [Int] = []
    /// Their numbers by position.
    private(set) var numbers: [Int: Int] = [:]
    /// How each definition depends on members.
    private(set) var dependence: [Dependence] = []
    /// Whether something besides members needs a definition.
    private(set) var isNeeded: [Bool] = []

    /// How a definition depends on the members.
    enum Dependence: Int, Comparable {
        case none
        /// It is one, or an export of one, or made of these alone.
        case direct
        /// It needs members to exist.
        case late

        static func < (left: Dependence, right: Dependence) -> Bool { left.rawValue < right.rawValue }
    }

    /// What a core item stands for.
    enum Source: Hashable {
        /// An export of a member, by its number among them.
        case member(Int, CoreSortIndex)
        /// A canonical definition.
        case canonical(CoreSortIndex)
        /// An export of another core instance.
        case export(instance: UInt32, name: ExactName, sort: CoreSort)
    }

    /// Finds out what of a component, which is valid, can be joined.
    ///
    /// - Parameters:
    ///   - component: the component, as it was decoded from `bytes`.
    ///   - replaced: core modules that stand in the places of others, which import and export the same.
    /// - Returns: `nil` when there is nothing to join, or it cannot be done.
    /// - Throws: a ``ComponentizeError`` when a core module cannot be read.
    package init?(
        _ component: ComponentBinary, _ bytes: [UInt8], modules replaced: [Range<Int>: CoreModuleBinary] = [:]
    ) throws(ComponentizeError) {
        self.bytes = bytes
        self.component = component
        self.replaced = replaced
        // Nested components count the modules around them.
        guard !component.definitions.contains(where: { $0.value.namesOuterModules }) else { return nil }
        var positions: [CoreSort: [Int]] = [:]
        for (position, definition) in component.definitions.enumerated() {
            if let sort = definition.value.coreSort { positions[sort, default: []].append(position) }
        }
        self.positions = positions
        do throws(BinaryError) {
            modules = try Self.soleModules(component, positions, bytes, replaced)
        } catch {
            throw .binary(error)
        }
        var exports = modules.mapValues { module in
            Dictionary(module.exports.map { (ExactName($0.name), $0.item) }, uniquingKeysWith: { first, _ in first })
        }
        for position in positions[.instance] ?? [] {
            guard case .coreInstance(.exports(let items)) = component.definitions[position].value else { continue }
            exports[position] = Dictionary(
                items.map { (ExactName($0.name), $0.item) }, uniquingKeysWith: { first, _ in first })
        }
        self.exports = exports
        var chosen: Int?
        for owner in modules.filter({ !$0.value.memories.isEmpty }).keys.sorted() {
            for isParted in [false, true] {
                let (found, dependence) = group(of: owner, isParted: isParted)
                guard found.count > members.count else { continue }
                (members, self.dependence) = (found, dependence)
                chosen = isParted ? owner : nil
            }
        }
        guard members.count > 1 else { return nil }
        absorb()
        if let chosen {
            guard let instance = index(of: chosen, .instance), let (rest, memory) = modules[chosen]?.partingMemory()
            else {
                return nil
            }
            modules[chosen] = rest
            parted = (chosen, instance, memory)
        }
        guard members.allSatisfy({ modules[$0]?.start == nil }) else { return nil }
    }

    /// Whether instances of the core module in `range` are among those that become one.
    package func joins(_ range: Range<Int>) -> Bool {
        members.contains { moduleRange(of: $0) == range }
    }

    /// Puts a core module, which does not belong to an instance that is joined, in the place of another.
    package mutating func replace(_ range: Range<Int>, by module: CoreModuleBinary) {
        replaced[range] = module
        for position in modules.keys where moduleRange(of: position) == range { modules[position] = module }
    }

    /// The component with the instances joined.
    ///
    /// - Parameter isKept: the names of exports of core modules that stay, though nothing in the component needs them.
    /// - Returns: `nil` when it cannot be done.
    /// - Throws: a ``ComponentizeError`` when a core module cannot be read.
    package func merged(keepingExports isKept: (String) -> Bool = { _ in false }) throws(ComponentizeError) -> [UInt8]?
    {
        var assembler = MergedAssembler(self)
        do throws(BinaryError) {
            return try assembler.assembled(keepingExports: isKept)
        } catch {
            throw .binary(error)
        }
    }

    /// The bytes of the core module that an instance is made of.
    private func moduleRange(of position: Int) -> Range<Int>? {
        guard let place = moduleDefinition(of: position),
            case .coreModule(let range) = component.definitions[place].value
        else { return nil }
        return range
    }

    /// The position of the core module that an instance is made of.
    func moduleDefinition(of position: Int) -> Int? {
        guard case .coreInstance(.instantiate(let module, _)) = component.definitions[position].value else {
            return nil
        }
        return self.position(.module, module)
    }

    private static func soleModules(
        _ component: ComponentBinary, _ positions: [CoreSort: [Int]], _ bytes: [UInt8],
        _ replaced: [Range<Int>: CoreModuleBinary]
    ) throws(BinaryError) -> [Int: CoreModuleBinary] {
        var uses: [UInt32: Int] = [:]
        for definition in component.definitions {
            _ = definition.value.mapCoreIndices { sort, index in
                if sort == .module { uses[index, default: 0] += 1 }
                return index
            }
        }
        var modules: [Int: CoreModuleBinary] = [:]
        for (position, definition) in component.definitions.enumerated() {
            guard case .coreInstance(.instantiate(let module, _)) = definition.value, uses[module] == 1,
                let place = positions[.module].flatMap({ Int(module) < $0.count ? $0[Int(module)] : nil }),
                case .coreModule(let range) = component.definitions[place].value
            else { continue }
            if let module = replaced[range] {
                modules[position] = module
            } else {
                modules[position] = try CoreModuleBinary.decode(bytes, range: range)
            }
        }
        return modules
    }

    /// The positions of the definitions that one refers to.
    private func references(of position: Int) -> [Int] {
        var found: [Int] = []
        _ = component.definitions[position].value.mapCoreIndices { sort, index in
            if sort != .module, let place = self.position(sort, index) { found.append(place) }
            return index
        }
        return found
    }

    /// The position of the definition of a core item.
    func position(_ sort: CoreSort, _ index: UInt32) -> Int? {
        guard let places = positions[sort], Int(index) < places.count else { return nil }
        return places[Int(index)]
    }

    /// The index of a definition in a core index space.
    func index(of position: Int, _ sort: CoreSort) -> UInt32? {
        guard let places = positions[sort] else { return nil }
        // The positions grow.
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < position { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low] == position ? UInt32(low) : nil
    }

    // MARK: - Who belongs together

    /// The instances that can be joined with the one that owns the memory: those that import from members and need nothing for which
    /// members must exist. The memory is not one of these things if it is parted.
    private func group(of owner: Int, isParted: Bool) -> (members: [Int], dependence: [Dependence]) {
        var members: [Int] = []
        var dependence: [Dependence] = Array(repeating: .none, count: component.definitions.count)
        // Definitions of components stay where they are, so nothing can join behind those that need members.
        var isClosed = false
        for (position, definition) in component.definitions.enumerated() {
            let needs = references(of: position).map { dependence[$0] }.max() ?? .none
            switch definition.value {
            case .alias(let alias):
                let isMemory = isParted && alias.sort == .core(.memory) && references(of: position) == [owner]
                dependence[position] = isMemory ? .none : needs
            case .coreInstance(.exports): dependence[position] = needs
            case .coreInstance(.instantiate):
                let joins =
                    !isClosed && needs < .late && (position == owner || needs == .direct) && modules[position] != nil
                if joins { members.append(position) }
                dependence[position] = joins ? .direct : needs == .none ? .none : .late
            case .canonical(let canonical):
                guard needs > .none else { continue }
                dependence[position] = .late
                if case .lift = canonical { isClosed = true }
            default: if needs > .none { isClosed = true }
            }
        }
        return (members, dependence)
    }

    /// Finds out what is needed besides by members, and joins the instances that only members need.
    private mutating func absorb() {
        let known = Set(members)
        let last = members.last ?? 0
        isNeeded = Array(repeating: false, count: component.definitions.count)
        for position in component.definitions.indices.reversed() {
            switch component.definitions[position].value {
            case .coreModule: continue
            case .alias(let alias):
                guard case .coreExport = alias.target else { continue }
            case .coreInstance(.exports): break
            case .coreInstance(.instantiate):
                if known.contains(position) { continue }
                if position < last, dependence[position] == .none, !isNeeded[position], let module = modules[position],
                    module.memories.isEmpty, module.start == nil
                {
                    members.append(position)
                    continue
                }
                isNeeded[position] = true
            default: isNeeded[position] = true
            }
            guard isNeeded[position] else { continue }
            for reference in references(of: position) { isNeeded[reference] = true }
        }
        members.sort()
        for (number, position) in members.enumerated() { numbers[position] = number }
    }

    // MARK: - What names stand for

    /// What an export of a core instance stands for.
    func source(_ instance: UInt32, _ name: String, _ sort: CoreSort) -> Source? {
        var (instance, name) = (instance, ExactName(name))
        while let place = position(.instance, instance) {
            switch component.definitions[place].value {
            case .coreInstance(.exports):
                guard let item = exports[place]?[name], item.sort == sort,
                    let definition = position(item.sort, item.index)
                else { return nil }
                switch component.definitions[definition].value {
                case .alias(let alias):
                    guard case .coreExport(let other, let export) = alias.target else { return nil }
                    (instance, name) = (other, ExactName(export))
                case .canonical: return .canonical(item)
                default: return nil
                }
            case .coreInstance(.instantiate):
                guard let member = numbers[place], sort != .memory || place != parted?.position else {
                    return .export(instance: instance, name: name, sort: sort)
                }
                return exports[place]?[name].map { .member(member, $0) }
            default: return nil
            }
        }
        return nil
    }
}

extension Definition {
    /// Whether it has an alias of a core module outside of a component.
    fileprivate var namesOuterModules: Bool {
        switch self {
        case .alias(let alias):
            if case .outer = alias.target { alias.sort == .core(.module) } else { false }
        case .component(let nested): nested.definitions.contains { $0.value.namesOuterModules }
        default: false
        }
    }
}

extension CoreModuleBinary {
    /// The module with its memory as an import, and a module that has it with its content; `nil` where that cannot be told apart.
    fileprivate func partingMemory() -> (rest: CoreModuleBinary, memory: CoreModuleBinary)? {
        guard memories.count == 1, importCount(.memory) == 0,
            let name = exports.first(where: { $0.item.sort == .memory })?.name
        else { return nil }
        var rest = self
        var memory = CoreModuleBinary()
        memory.memories = memories
        memory.exports = exports.filter { $0.item.sort == .memory }
        rest.memories = []
        rest.exports.removeAll { $0.item.sort == .memory }
        rest.imports.append(
            CoreModuleImport(module: Self.partedMemory, name: name, type: .memory(memories[0])))
        for (position, segment) in data.enumerated() {
            guard case .active(_, let offset) = segment.mode else { continue }
            guard CoreConstant(offset) != nil else { return nil }
            memory.data.append(segment)
            // Code may name segments, so that none may go.
            rest.data[position] = CoreDataSegment(mode: .passive, bytes: [])
        }
        return (rest, memory)
    }

    /// The name of the module of which a parted memory is imported.
    static let partedMemory = "dovetail:memory"
}
