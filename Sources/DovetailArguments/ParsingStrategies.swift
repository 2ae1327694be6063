// SPDX-License-Identifier: Apache-2.0

/// How an option of one value finds it.
package enum SingleValueParsingStrategy: Sendable {
    /// The next word, which must not look like an option.
    case next
    /// The next word, whatever it looks like.
    case unconditional
    /// The next word that does not look like an option.
    case scanningForValue
}

/// How an option of many values finds them.
package enum ArrayParsingStrategy: Sendable {
    /// One value each time the option is given.
    case singleValue
    /// One value each time the option is given, whatever it looks like.
    case unconditionalSingleValue
    /// All words up to the next one that looks like an option.
    case upToNextOption
    /// All remaining words.
    case remaining
}

/// How a positional argument of many values finds them.
package enum ArgumentArrayParsingStrategy: Sendable {
    /// All positional words not taken by earlier arguments.
    case remaining
    /// The same, with options that the command does not know.
    case allUnrecognized
    /// All words after `--`.
    case postTerminator
    /// Every word from here on, untouched: `--` and options included.
    case captureForPassthrough
}

/// Whether a flag of two sides has a `--no-name` or `--enable-name` and `--disable-name` form.
package enum FlagInversion: Sendable {
    /// `--name` and `--no-name`
    case prefixedNo
    /// `--enable-name` and `--disable-name`
    case prefixedEnableDisable
}

/// What happens when flags that exclude each other are given together.
package enum FlagExclusivity: Sendable {
    /// It is wrong usage.
    case exclusive
    /// The first one counts.
    case chooseFirst
    /// The last one counts.
    case chooseLast
}
