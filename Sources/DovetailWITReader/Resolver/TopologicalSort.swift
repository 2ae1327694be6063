// SPDX-License-Identifier: Apache-2.0

/// Orders things so that each comes after what it depends on, and otherwise keeps their order.
enum TopologicalSort {
    /// The order, and for a cycle the edge where it shows: the index of the dependent and the place in its list.
    static func order(_ dependencies: [[Int]]) -> (order: [Int], cycle: (node: Int, edge: Int)?) {
        var remaining = dependencies.map(\.count)
        var dependents = [[Int]](repeating: [], count: dependencies.count)
        for (node, edges) in dependencies.enumerated() {
            for edge in edges { dependents[edge].append(node) }
        }
        var ready = Heap()
        for node in dependencies.indices where remaining[node] == 0 { ready.push(node) }
        var order: [Int] = []
        order.reserveCapacity(dependencies.count)
        while let node = ready.pop() {
            order.append(node)
            for dependent in dependents[node] {
                remaining[dependent] -= 1
                if remaining[dependent] == 0 { ready.push(dependent) }
            }
        }
        guard order.count < dependencies.count else { return (order, nil) }
        for node in dependencies.indices where remaining[node] > 0 {
            for (place, edge) in dependencies[node].enumerated() where remaining[edge] > 0 {
                return (order, (node, place))
            }
        }
        return (order, nil)
    }

    /// Gives the smallest number first.
    private struct Heap {
        private var items: [Int] = []

        mutating func push(_ item: Int) {
            items.append(item)
            var child = items.count - 1
            while child > 0, items[(child - 1) / 2] > items[child] {
                items.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> Int? {
            guard let first = items.first else { return nil }
            let last = items.removeLast()
            guard !items.isEmpty else { return first }
            items[0] = last
            var parent = 0
            while true {
                var child = parent * 2 + 1
                guard child < items.count else { break }
                if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
                guard items[child] < items[parent] else { break }
                items.swapAt(child, parent)
                parent = child
            }
            return first
        }
    }
}
