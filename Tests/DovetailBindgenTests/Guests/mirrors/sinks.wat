;; cm32p2||spend
;; Opens a sink, asks how much it takes, both ways, closes it, and drops all sources.
(local $sink i32) (local $room i64) (local $count i32) (local $source i32)
(local.set $sink (call $open (local.get 0) (local.get 1)))
(call $output-stream.check-write (local.get $sink) (i32.const 64))
(local.set $room (i64.add (call $room (local.get $sink)) (i64.load (i32.const 72))))
(call $close (local.get $sink))
(call $sources (i32.const 64))
(local.set $source (i32.load (i32.const 64))) (local.set $count (i32.load (i32.const 68)))
(block $done (loop $next
  (br_if $done (i32.eqz (local.get $count)))
  (call $input-stream_drop (i32.load (local.get $source)))
  (local.set $source (i32.add (local.get $source) (i32.const 4)))
  (local.set $count (i32.sub (local.get $count) (i32.const 1)))
  (br $next)))
(local.get $room)
