// SPDX-License-Identifier: Apache-2.0

#include "CDovetailGuest.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// The compiler reads the files (`#embed`, C23). This list is made by `BLESS=1 swift test --filter GuestFileTests`.

static const unsigned char file0[] = {
#embed "../DovetailGuest/C/allocator.c"
};
static const unsigned char file1[] = {
#embed "../DovetailGuest/C/calls.c"
};
static const unsigned char file2[] = {
#embed "../DovetailGuest/C/foreign.c"
};
static const unsigned char file3[] = {
#embed "../DovetailGuest/C/int128.c"
};
static const unsigned char file4[] = {
#embed "../DovetailGuest/C/memory.c"
};
static const unsigned char file5[] = {
#embed "../DovetailGuest/C/panic.c"
};
static const unsigned char file6[] = {
#embed "../DovetailGuest/C/random.c"
};
static const unsigned char file7[] = {
#embed "../DovetailGuest/C/realloc.c"
};
static const unsigned char file8[] = {
#embed "../DovetailGuest/C/runtime.h"
};
static const unsigned char file9[] = {
#embed "../DovetailGuest/C/tasks.c"
};
static const unsigned char file10[] = {
#embed "../DovetailGuest/C/tasks.h"
};
static const unsigned char file11[] = {
#embed "../DovetailGuest/C/unicode-none.c"
};
static const unsigned char file12[] = {
#embed "../DovetailGuest/Concurrency/AsyncSequence.swift"
};
static const unsigned char file13[] = {
#embed "../DovetailGuest/Concurrency/Cancellation.swift"
};
static const unsigned char file14[] = {
#embed "../DovetailGuest/Concurrency/Continuations.swift"
};
static const unsigned char file15[] = {
#embed "../DovetailGuest/Concurrency/Executors.swift"
};
static const unsigned char file16[] = {
#embed "../DovetailGuest/Concurrency/Runtime.swift"
};
static const unsigned char file17[] = {
#embed "../DovetailGuest/Concurrency/Task.swift"
};
static const unsigned char file18[] = {
#embed "../DovetailGuest/Concurrency/TaskGroup.swift"
};
static const unsigned char file19[] = {
#embed "../DovetailGuest/Swift/Arena.swift"
};
static const unsigned char file20[] = {
#embed "../DovetailGuest/Swift/AsyncCalls.swift"
};
static const unsigned char file21[] = {
#embed "../DovetailGuest/Swift/CollectionCodecs.swift"
};
static const unsigned char file22[] = {
#embed "../DovetailGuest/Swift/ComponentCodec.swift"
};
static const unsigned char file23[] = {
#embed "../DovetailGuest/Swift/ErrorContexts.swift"
};
static const unsigned char file24[] = {
#embed "../DovetailGuest/Swift/Futures.swift"
};
static const unsigned char file25[] = {
#embed "../DovetailGuest/Swift/LabelCodecs.swift"
};
static const unsigned char file26[] = {
#embed "../DovetailGuest/Swift/ListCodec.swift"
};
static const unsigned char file27[] = {
#embed "../DovetailGuest/Swift/Resources.swift"
};
static const unsigned char file28[] = {
#embed "../DovetailGuest/Swift/ScalarCodecs.swift"
};
static const unsigned char file29[] = {
#embed "../DovetailGuest/Swift/StandardOutput.swift"
};
static const unsigned char file30[] = {
#embed "../DovetailGuest/Swift/StreamEnds.swift"
};
static const unsigned char file31[] = {
#embed "../DovetailGuest/Swift/StringCodec.swift"
};
static const unsigned char file32[] = {
#embed "../DovetailGuest/Swift/Transfers.swift"
};
static const unsigned char file33[] = {
#embed "../DovetailGuest/Swift/VariantCodecs.swift"
};
static const unsigned char file34[] = {
#embed "../DovetailGuest/WASI/Clocks.swift"
};
static const unsigned char file35[] = {
#embed "../DovetailGuest/WASI/FileError.swift"
};
static const unsigned char file36[] = {
#embed "../DovetailGuest/WASI/Files.swift"
};
static const unsigned char file37[] = {
#embed "../DovetailGuest/WASI/HTTPClient.swift"
};
static const unsigned char file38[] = {
#embed "../DovetailGuest/WASI/HTTPError.swift"
};
static const unsigned char file39[] = {
#embed "../DovetailGuest/WASI/HTTPImports.swift"
};
static const unsigned char file40[] = {
#embed "../DovetailGuest/WASI/HTTPServer.swift"
};
static const unsigned char file41[] = {
#embed "../DovetailGuest/WASI/Program.swift"
};
static const unsigned char file42[] = {
#embed "../DovetailGuest/WASI/RandomNumbers.swift"
};
static const unsigned char file43[] = {
#embed "../DovetailGuest/WASI/StreamHandles.swift"
};
static const unsigned char file44[] = {
#embed "../DovetailWASI/wit/deps/cli.wit"
};
static const unsigned char file45[] = {
#embed "../DovetailWASI/wit/deps/clocks.wit"
};
static const unsigned char file46[] = {
#embed "../DovetailWASI/wit/deps/filesystem.wit"
};
static const unsigned char file47[] = {
#embed "../DovetailWASI/wit/deps/io.wit"
};
static const unsigned char file48[] = {
#embed "../DovetailWASI/wit/deps/random.wit"
};
static const unsigned char file49[] = {
#embed "../DovetailWASI/wit/deps/sockets.wit"
};
static const unsigned char file50[] = {
#embed "../DovetailHTTP/wit/deps/http.wit"
};

static const DovetailGuestFile files[] = {
    {"C/allocator.c", file0, sizeof(file0)},
    {"C/calls.c", file1, sizeof(file1)},
    {"C/foreign.c", file2, sizeof(file2)},
    {"C/int128.c", file3, sizeof(file3)},
    {"C/memory.c", file4, sizeof(file4)},
    {"C/panic.c", file5, sizeof(file5)},
    {"C/random.c", file6, sizeof(file6)},
    {"C/realloc.c", file7, sizeof(file7)},
    {"C/runtime.h", file8, sizeof(file8)},
    {"C/tasks.c", file9, sizeof(file9)},
    {"C/tasks.h", file10, sizeof(file10)},
    {"C/unicode-none.c", file11, sizeof(file11)},
    {"Concurrency/AsyncSequence.swift", file12, sizeof(file12)},
    {"Concurrency/Cancellation.swift", file13, sizeof(file13)},
    {"Concurrency/Continuations.swift", file14, sizeof(file14)},
    {"Concurrency/Executors.swift", file15, sizeof(file15)},
    {"Concurrency/Runtime.swift", file16, sizeof(file16)},
    {"Concurrency/Task.swift", file17, sizeof(file17)},
    {"Concurrency/TaskGroup.swift", file18, sizeof(file18)},
    {"Swift/Arena.swift", file19, sizeof(file19)},
    {"Swift/AsyncCalls.swift", file20, sizeof(file20)},
    {"Swift/CollectionCodecs.swift", file21, sizeof(file21)},
    {"Swift/ComponentCodec.swift", file22, sizeof(file22)},
    {"Swift/ErrorContexts.swift", file23, sizeof(file23)},
    {"Swift/Futures.swift", file24, sizeof(file24)},
    {"Swift/LabelCodecs.swift", file25, sizeof(file25)},
    {"Swift/ListCodec.swift", file26, sizeof(file26)},
    {"Swift/Resources.swift", file27, sizeof(file27)},
    {"Swift/ScalarCodecs.swift", file28, sizeof(file28)},
    {"Swift/StandardOutput.swift", file29, sizeof(file29)},
    {"Swift/StreamEnds.swift", file30, sizeof(file30)},
    {"Swift/StringCodec.swift", file31, sizeof(file31)},
    {"Swift/Transfers.swift", file32, sizeof(file32)},
    {"Swift/VariantCodecs.swift", file33, sizeof(file33)},
    {"Swift/Clocks.swift", file34, sizeof(file34)},
    {"Swift/FileError.swift", file35, sizeof(file35)},
    {"Swift/Files.swift", file36, sizeof(file36)},
    {"Swift/HTTPClient.swift", file37, sizeof(file37)},
    {"Swift/HTTPError.swift", file38, sizeof(file38)},
    {"Swift/HTTPImports.swift", file39, sizeof(file39)},
    {"Swift/HTTPServer.swift", file40, sizeof(file40)},
    {"Swift/Program.swift", file41, sizeof(file41)},
    {"Swift/RandomNumbers.swift", file42, sizeof(file42)},
    {"Swift/StreamHandles.swift", file43, sizeof(file43)},
    {"WIT/cli.wit", file44, sizeof(file44)},
    {"WIT/clocks.wit", file45, sizeof(file45)},
    {"WIT/filesystem.wit", file46, sizeof(file46)},
    {"WIT/io.wit", file47, sizeof(file47)},
    {"WIT/random.wit", file48, sizeof(file48)},
    {"WIT/sockets.wit", file49, sizeof(file49)},
    {"WIT/http.wit", file50, sizeof(file50)},
};

const DovetailGuestFile *dovetail_guest_files(void) { return files; }
size_t dovetail_guest_file_count(void) { return sizeof(files) / sizeof(*files); }
