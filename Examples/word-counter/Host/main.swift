// SPDX-License-Identifier: Apache-2.0

import Dovetail

typealias Tally = WordCounter.Counting.Tally

let engine = try Engine()
let component = try Component(engine: engine, path: "word-counter.wasm")
let counting = try WordCounter(component, in: Store(engine: engine)).counting

print(try counting.split(text: " one fish  two fish "))

let fish = try Tally(in: counting)
print(try fish.add(text: "one fish two fish"), "words")
let colours = try Tally(in: counting)
print(try colours.add(text: "red fish blue fish"), "words")
print("red came", try colours.count(word: "red"), "time, green", try colours.count(word: "green"))

// Both are given away; what comes back has what they counted.
let all = try counting.tallyMerge(first: fish, second: colours)
for frequency in try all.top(limit: 3) { print("\(frequency.word): \(frequency.count)") }
print(try Tally(in: counting).top(limit: 10).isEmpty ? "a new one is empty" : "a new one is not empty")
