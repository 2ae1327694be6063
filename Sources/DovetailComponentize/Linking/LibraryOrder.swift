// SPDX-License-Identifier: Apache-2.0

/// The order in which libraries are instantiated: those that others depend on come first, and where they depend on each other,
/// the order in which they are listed.
enum LibraryOrder {
    /// The positions of all libraries in that order; `dependencies` are positions by position.
    ///
    /// Strongly connected components come out with dependencies first (Tarjan); the stack is explicit, as chains of libraries
    /// may be long.
    static func sorted(_ dependencies: [[Int]]) -> [Int] {
        var search = Search(dependencies: dependencies)
        for root in dependencies.indices { search.visit(root) }
        return search.order
    }

    private struct Search {
        let dependencies: [[Int]]
        var order: [Int] = []
        private var next = 0
        private var numbers: [Int?]
        private var low: [Int]
        private var isOpen: [Bool]
        private var open: [Int] = []

        init(dependencies: [[Int]]) {
            self.dependencies = dependencies
            numbers = Array(repeating: nil, count: dependencies.count)
            low = Array(repeating: 0, count: dependencies.count)
            isOpen = Array(repeating: false, count: dependencies.count)
        }

        private mutating func begin(_ node: Int) {
            numbers[node] = next
            low[node] = next
            next += 1
            open.append(node)
            isOpen[node] = true
        }

        mutating func visit(_ root: Int) {
            guard numbers[root] == nil else { return }
            var path: [(node: Int, position: Int)] = [(root, 0)]
            begin(root)
            while let (node, position) = path.last {
                guard position < dependencies[node].count else {
                    path.removeLast()
                    if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
                    if low[node] == numbers[node] { close(node) }
                    continue
                }
                path[path.count - 1].position += 1
                let other = dependencies[node][position]
                if let number = numbers[other] {
                    if isOpen[other] { low[node] = min(low[node], number) }
                } else {
                    begin(other)
                    path.append((other, 0))
                }
            }
        }

        private mutating func close(_ node: Int) {
            var members: [Int] = []
            while let member = open.popLast() {
                isOpen[member] = false
                members.append(member)
                if member == node { break }
            }
            order += members.sorted()
        }
    }
}
