// SPDX-License-Identifier: Apache-2.0

// One `import Dovetail` is enough: its types speak of these.
@_exported public import DovetailABI
@_exported public import DovetailTypes
