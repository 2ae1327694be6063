// SPDX-License-Identifier: Apache-2.0

// Files, descriptors and clocks are a room of their own: the build plugin's tool needs no event loop.
@_exported import DovetailFiles
