;; Every form of immediate that instructions have. It is read, not validated: operands are left out.
(module $instructions
  (type $none (func))
  (type $pair (struct (field (mut i32)) (field (ref null $none))))
  (type $bytes (array (mut i8)))
  (rec (type $left (struct (field (ref null $right)))) (type $right (sub (struct (field (ref null $left))))))
  (type $task (cont $none))
  (import "env" "f" (func $import (type $none)))
  (import "env" "memory" (memory 1))
  (import "env" "table" (table 1 funcref))
  (import "env" "global" (global i32))
  (import "env" "tag" (tag))
  (memory $wide i64 1 2)
  (memory $shared 1 1 shared)
  (table $own 3 8 (ref null $none))
  (table $filled 2 (ref $none) (ref.func $import))
  (tag $problem (param i32))
  (global $count (mut i64) (i64.const 5))
  (global $sum i32 (i32.add (global.get 0) (i32.const 7)))
  (global $vector v128 (v128.const i32x4 1 2 3 4))
  (export "run" (func $control))
  (export "table" (table $own))
  (export "memory" (memory $wide))
  (export "problem" (tag $problem))
  (export "count" (global $count))
  (start $import)
  (elem (table $own) (i32.const 1) func $control $numbers)
  (elem (i32.const 0) funcref (ref.func $numbers))
  (elem $passive func $import $control)
  (elem $typed (ref null $none) (ref.null $none) (ref.func $import))
  (elem declare func $numbers $control)
  (data (memory $wide) (i64.const 16) "wide")
  (data (i32.const 8) "narrow")
  (data $bytes-of-array "\00\ff")
  (func $control (type $none)
    unreachable
    nop
    block $a loop (result (ref null $pair)) if (type $none) else end br $a end end
    br_if 0
    br_table 0 0 0
    return
    call $numbers
    call_indirect $own (type $none)
    return_call $numbers
    return_call_indirect $own (type $none)
    call_ref $none
    return_call_ref $none
    drop
    select
    select (result (ref null $pair))
    try_table (result exnref) (catch $problem 0) (catch_ref $problem 0) (catch_all 0) (catch_all_ref 0) end
    throw $problem
    throw_ref
    try catch $problem rethrow 0 catch_all end
    try delegate 0
  )
  (func $variables (type $none) (local i32 i32 (ref null $pair)) (local $l v128) (local externref (ref $bytes))
    local.get $l
    local.set $l
    local.tee $l
    global.get $count
    global.set $count
    table.get $own
    table.set $own
    table.init $own $typed
    elem.drop $typed
    table.copy $own $filled
    table.grow $own
    table.size $filled
    table.fill $own
  )
  (func $memory (type $none)
    i32.load offset=0
    i64.load $wide offset=70000
    f32.load $shared offset=0
    f64.load offset=70000
    i32.load8_s $wide offset=0
    i32.load8_u $shared offset=70000
    i32.load16_s offset=0
    i32.load16_u $wide offset=70000
    i64.load8_s $shared offset=0
    i64.load8_u offset=70000
    i64.load16_s $wide offset=0
    i64.load16_u $shared offset=70000
    i64.load32_s offset=0
    i64.load32_u $wide offset=70000
    i32.store $shared offset=0
    i64.store offset=70000
    f32.store $wide offset=0
    f64.store $shared offset=70000
    i32.store8 offset=0
    i32.store16 $wide offset=70000
    i64.store8 $shared offset=0
    i64.store16 offset=70000
    i64.store32 $wide offset=0
    memory.size $wide
    memory.grow
    memory.init $wide $bytes-of-array
    data.drop $bytes-of-array
    memory.copy $wide 0
    memory.copy 0 $wide
    memory.fill $wide
    i64.load $wide offset=8589934592 align=1
  )
  (func $numbers (type $none)
    i32.const -1
    i32.const 2147483647
    i64.const -9223372036854775808
    f32.const 1.5
    f64.const nan
    i32.eqz
    i32.eq
    i32.ne
    i32.lt_s
    i32.lt_u
    i32.gt_s
    i32.gt_u
    i32.le_s
    i32.le_u
    i32.ge_s
    i32.ge_u
    i32.clz
    i32.ctz
    i32.popcnt
    i32.add
    i32.sub
    i32.mul
    i32.div_s
    i32.div_u
    i32.rem_s
    i32.rem_u
    i32.and
    i32.or
    i32.xor
    i32.shl
    i32.shr_s
    i32.shr_u
    i32.rotl
    i32.rotr
    i64.eqz
    i64.eq
    i64.ne
    i64.lt_s
    i64.lt_u
    i64.gt_s
    i64.gt_u
    i64.le_s
    i64.le_u
    i64.ge_s
    i64.ge_u
    i64.clz
    i64.ctz
    i64.popcnt
    i64.add
    i64.sub
    i64.mul
    i64.div_s
    i64.div_u
    i64.rem_s
    i64.rem_u
    i64.and
    i64.or
    i64.xor
    i64.shl
    i64.shr_s
    i64.shr_u
    i64.rotl
    i64.rotr
    f32.eq
    f32.ne
    f32.lt
    f32.gt
    f32.le
    f32.ge
    f32.abs
    f32.neg
    f32.ceil
    f32.floor
    f32.trunc
    f32.nearest
    f32.sqrt
    f32.add
    f32.sub
    f32.mul
    f32.div
    f32.min
    f32.max
    f32.copysign
    f64.eq
    f64.ne
    f64.lt
    f64.gt
    f64.le
    f64.ge
    f64.abs
    f64.neg
    f64.ceil
    f64.floor
    f64.trunc
    f64.nearest
    f64.sqrt
    f64.add
    f64.sub
    f64.mul
    f64.div
    f64.min
    f64.max
    f64.copysign
    i32.wrap_i64
    i32.trunc_f32_s
    i64.extend_i32_u
    f32.convert_i64_u
    f64.promote_f32
    i32.reinterpret_f32
    f64.reinterpret_i64
    i32.extend8_s
    i64.extend32_s
    i32.trunc_sat_f32_s
    i64.trunc_sat_f64_u
    i64.add128
    i64.sub128
    i64.mul_wide_s
    i64.mul_wide_u
  )
  (func $references (type $none)
    ref.null func
    ref.null $pair
    ref.is_null
    ref.func $control
    ref.eq
    ref.as_non_null
    br_on_null 0
    br_on_non_null 0
    struct.new $pair
    struct.new_default $pair
    struct.get $pair 1
    struct.set $pair 0
    array.new $bytes
    array.new_default $bytes
    array.new_fixed $bytes 3
    array.new_data $bytes $bytes-of-array
    array.new_elem $bytes $typed
    array.get_s $bytes
    array.get_u $bytes
    array.set $bytes
    array.len
    array.fill $bytes
    array.copy $bytes $bytes
    array.init_data $bytes $bytes-of-array
    array.init_elem $bytes $passive
    ref.test (ref $right)
    ref.test (ref null any)
    ref.cast (ref $right)
    ref.cast (ref null $right)
    br_on_cast 0 (ref null any) (ref $pair)
    br_on_cast_fail 0 (ref null $left) (ref $left)
    any.convert_extern
    extern.convert_any
    ref.i31
    i31.get_s
    i31.get_u
  )
  (func $vectors (type $none)
    v128.load $wide offset=16
    v128.load8x8_s
    v128.load64_splat
    v128.store $wide
    v128.const i32x4 1 2 3 4
    i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31
    i8x16.swizzle
    i32x4.splat
    i8x16.extract_lane_s 15
    f64x2.replace_lane 1
    i8x16.eq
    v128.any_true
    v128.load8_lane $wide offset=3 7
    v128.store64_lane 1
    v128.load32_zero
    v128.load64_zero $wide
    f32x4.demote_f64x2_zero
    i8x16.abs
    f64x2.convert_low_i32x4_u
    i8x16.relaxed_swizzle
    i32x4.relaxed_dot_i8x16_i7x16_add_s
  )
  (func $threads (type $none)
    memory.atomic.notify $shared offset=4
    memory.atomic.wait32
    memory.atomic.wait64 $shared
    atomic.fence
    i32.atomic.load $shared
    i64.atomic.store8 $shared offset=9
    i32.atomic.rmw.add $shared
    i64.atomic.rmw32.cmpxchg_u $shared
    global.atomic.get seqcst $count
    global.atomic.rmw.cmpxchg acqrel $count
    table.atomic.get seqcst $own
    table.atomic.rmw.cmpxchg seqcst $own
    struct.atomic.get seqcst $pair 0
    struct.atomic.rmw.cmpxchg seqcst $pair 0
    array.atomic.get_s seqcst $bytes
    array.atomic.rmw.cmpxchg seqcst $bytes
    ref.i31_shared
  )
  (func $stacks (type $none)
    cont.new $task
    cont.bind $task $task
    suspend $problem
    resume $task (on $problem 0) (on $problem switch)
    resume_throw $task $problem (on $problem 0)
    resume_throw_ref $task (on $problem 0)
    switch $task $problem
  )
  (@custom "producers" (after code) "\00")
  (@custom "dylink.0" (before first) "\01\04\00\00\00\00")
)
