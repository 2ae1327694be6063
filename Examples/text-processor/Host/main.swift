// SPDX-License-Identifier: Apache-2.0

import Dovetail

typealias Processing = TextProcessor.Processing

let engine = try Engine()
let component = try Component(engine: engine, path: "text-processor.wasm")
let processing = try TextProcessor(component, in: Store(engine: engine)).processing

let features = try processing.getFeatures()
print("edits:", features.contains(.editing), "async:", features.contains(.async))

var document = Processing.Document(title: "Draft", paragraphs: ["components fit together", "without glue"])
let statistics = try processing.count(document: document)
print("\(statistics.words) words, the longest is \(statistics.longest ?? "none")")

document = try processing.apply(
    document: document,
    edits: [
        .rename("Dovetails"), .capitalize(Processing.Place(paragraph: 0, start: 0, end: 1)), .append("and hold"),
        .remove(1),
    ])
print(document.title)
for paragraph in document.paragraphs { print("  \(paragraph)") }

do {
    print(try processing.apply(document: document, edits: [.clear, .remove(3)]))
} catch Processing.EditError.noParagraph(let count) {
    print("no such paragraph, there are \(count)")
}
