// SPDX-License-Identifier: Apache-2.0

#include "CDovetailAdapters.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The compiler reads the files (`#embed`, C23): nothing to generate, nothing to keep in step.

static const unsigned char command[] = {
#embed "../../Adapters/preview1/command.wasm"
};
static const unsigned char reactor[] = {
#embed "../../Adapters/preview1/reactor.wasm"
};
static const unsigned char command_0_2_0[] = {
#embed "../../Adapters/preview1/command-0.2.0.wasm"
};
static const unsigned char reactor_0_2_0[] = {
#embed "../../Adapters/preview1/reactor-0.2.0.wasm"
};
static const unsigned char libdl[] = {
#embed "../../Adapters/libdl/libdl.wasm"
};

const DovetailAdapter dovetail_preview1_command = {command, sizeof(command)};
const DovetailAdapter dovetail_preview1_reactor = {reactor, sizeof(reactor)};
const DovetailAdapter dovetail_preview1_command_0_2_0 = {command_0_2_0, sizeof(command_0_2_0)};
const DovetailAdapter dovetail_preview1_reactor_0_2_0 = {reactor_0_2_0, sizeof(reactor_0_2_0)};
const DovetailAdapter dovetail_libdl = {libdl, sizeof(libdl)};
