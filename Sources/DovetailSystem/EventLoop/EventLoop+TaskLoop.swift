// SPDX-License-Identifier: Apache-2.0

import DovetailFiles

extension EventLoop: TaskLoop {}
