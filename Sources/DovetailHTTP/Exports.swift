// SPDX-License-Identifier: Apache-2.0

// What servers and handlers are configured with, which users name: `WASIConfiguration`, `SocketAddress`.
@_exported public import DovetailWASI
