// SPDX-License-Identifier: Apache-2.0

// Reading, checking and the WIT of components are rooms of their own, so that programs that only run components, and the
// build plugin's tool, do not compile what writes them.
@_exported import DovetailBinaryReader
@_exported import DovetailValidation
@_exported import DovetailWITBinary
