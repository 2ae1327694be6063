;; cm32p2|test:dependency/log@1|write
(call 0 (local.get 0) (local.get 1) (local.get 2)) (call $flush)
