;; Looks up names and makes sockets, as far as it may.
(component
  (import "wasi:sockets/network@0.2.0" (instance $network
    (export "network" (type (sub resource)))
    (type $code (enum
      "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout" "concurrency-conflict"
      "not-in-progress" "would-block" "invalid-state" "new-socket-limit" "address-not-bindable" "address-in-use"
      "remote-unreachable" "connection-refused" "connection-reset" "connection-aborted" "datagram-too-large"
      "name-unresolvable" "temporary-resolver-failure" "permanent-resolver-failure"))
    (export "error-code" (type (eq $code)))
    (type $family (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $family)))
    (type $address (variant
      (case "ipv4" (tuple u8 u8 u8 u8)) (case "ipv6" (tuple u16 u16 u16 u16 u16 u16 u16 u16))))
    (export "ip-address" (type (eq $address)))))
  (alias export $network "network" (type $network-type))
  (alias export $network "error-code" (type $code))
  (alias export $network "ip-address-family" (type $family))
  (alias export $network "ip-address" (type $address))

  (import "wasi:sockets/instance-network@0.2.0" (instance $instance-network
    (alias outer 1 $network-type (type $outer))
    (export "network" (type $network (eq $outer)))
    (export "instance-network" (func (result (own $network))))))
  (import "wasi:sockets/ip-name-lookup@0.2.0" (instance $lookup
    (alias outer 1 $network-type (type $outer-network))
    (export "network" (type $network (eq $outer-network)))
    (alias outer 1 $code (type $outer-code))
    (export "error-code" (type $code (eq $outer-code)))
    (alias outer 1 $address (type $outer-address))
    (export "ip-address" (type $address (eq $outer-address)))
    (export "resolve-address-stream" (type $stream (sub resource)))
    (export "[method]resolve-address-stream.resolve-next-address"
      (func (param "self" (borrow $stream)) (result (result (option $address) (error $code)))))
    (export "resolve-addresses" (func
      (param "network" (borrow $network)) (param "name" string) (result (result (own $stream) (error $code)))))))
  (import "wasi:sockets/tcp@0.2.0" (instance $tcp
    (export "tcp-socket" (type $socket (sub resource)))
    (export "[method]tcp-socket.is-listening" (func (param "self" (borrow $socket)) (result bool)))))
  (alias export $tcp "tcp-socket" (type $socket))
  (import "wasi:sockets/tcp-create-socket@0.2.0" (instance $create
    (alias outer 1 $code (type $outer-code))
    (export "error-code" (type $code (eq $outer-code)))
    (alias outer 1 $family (type $outer-family))
    (export "ip-address-family" (type $family (eq $outer-family)))
    (alias outer 1 $socket (type $outer-socket))
    (export "tcp-socket" (type $socket (eq $outer-socket)))
    (export "create-tcp-socket" (func
      (param "address-family" $family) (result (result (own $socket) (error $code)))))))
  (alias export $lookup "resolve-address-stream" (type $stream))

  ;; `realloc` has one block to give: for the name.
  (core module $memory
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (if (i32.gt_u (local.get 3) (i32.const 1024)) (then unreachable))
      (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))
  (alias export $instance-network "instance-network" (func $instance-network-f))
  (alias export $lookup "resolve-addresses" (func $resolve-f))
  (alias export $lookup "[method]resolve-address-stream.resolve-next-address" (func $next-f))
  (alias export $create "create-tcp-socket" (func $create-f))
  (alias export $tcp "[method]tcp-socket.is-listening" (func $listening-f))
  (canon lower (func $instance-network-f) (core func $instance-network'))
  (canon lower (func $resolve-f) (memory $mem) (core func $resolve'))
  (canon lower (func $next-f) (memory $mem) (core func $next'))
  (canon lower (func $create-f) (memory $mem) (core func $create'))
  (canon lower (func $listening-f) (core func $listening'))
  (canon resource.drop $network-type (core func $drop-network))
  (canon resource.drop $stream (core func $drop-stream))
  (canon resource.drop $socket (core func $drop-socket))

  (core module $guest
    (import "m" "memory" (memory 1))
    (import "h" "instance-network" (func $instance-network (result i32)))
    (import "h" "resolve" (func $resolve (param i32 i32 i32 i32)))
    (import "h" "next" (func $next (param i32 i32)))
    (import "h" "create" (func $create (param i32 i32)))
    (import "h" "listening" (func $listening (param i32) (result i32)))
    (import "h" "drop-network" (func $drop-network (param i32)))
    (import "h" "drop-stream" (func $drop-stream (param i32)))
    (import "h" "drop-socket" (func $drop-socket (param i32)))

    ;; The result's place is 0, the host's results are at 64.
    (func $failure (param $code i32) (result i32)
      (i32.store8 (i32.const 0) (i32.const 1))
      (i32.store8 (i32.const 4) (local.get $code))
      (i32.const 0))
    (func $success (param $value i32) (result i32)
      (i32.store8 (i32.const 0) (i32.const 0))
      (i32.store (i32.const 4) (local.get $value))
      (i32.const 0))
    (func (export "lookup") (param $name i32) (param $length i32) (result i32)
      (local $network i32) (local $stream i32)
      (local.set $network (call $instance-network))
      (call $resolve (local.get $network) (local.get $name) (local.get $length) (i32.const 64))
      (call $drop-network (local.get $network))
      (if (i32.load8_u (i32.const 64)) (then (return (call $failure (i32.load8_u (i32.const 68))))))
      (local.set $stream (i32.load (i32.const 68)))
      (call $next (local.get $stream) (i32.const 64))
      (call $drop-stream (local.get $stream))
      (if (i32.load8_u (i32.const 64)) (then (return (call $failure (i32.load8_u (i32.const 66))))))
      ;; No address, or none of IPv4.
      (if (i32.or (i32.eqz (i32.load8_u (i32.const 66))) (i32.load8_u (i32.const 68)))
        (then (return (call $failure (i32.const 18)))))
      (call $success (i32.load (i32.const 70))))
    (func (export "listens") (result i32)
      (local $socket i32)
      (call $create (i32.const 0) (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then (return (call $failure (i32.load8_u (i32.const 68))))))
      (local.set $socket (i32.load (i32.const 68)))
      (call $success (call $listening (local.get $socket)))
      (call $drop-socket (local.get $socket))))
  (core instance $guest (instantiate $guest
    (with "m" (instance $memory))
    (with "h" (instance
      (export "instance-network" (func $instance-network'))
      (export "resolve" (func $resolve'))
      (export "next" (func $next'))
      (export "create" (func $create'))
      (export "listening" (func $listening'))
      (export "drop-network" (func $drop-network))
      (export "drop-stream" (func $drop-stream))
      (export "drop-socket" (func $drop-socket))))))
  ;; The first address of a name, its bytes from the lowest up, or an error code.
  (func (export "lookup") (param "name" string) (result (result u32 (error u8)))
    (canon lift (core func $guest "lookup") (memory $mem) (realloc $realloc)))
  ;; Whether a new socket listens, or an error code.
  (func (export "listens") (result (result u32 (error u8))) (canon lift (core func $guest "listens") (memory $mem)))
)
