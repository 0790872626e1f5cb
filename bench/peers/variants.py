"""What is compared: each entry is run in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """One implementation of the episode."""

    name: str
    framework: str
    about: str
    #: How the update is written: literal, vector, factored.
    form: str = ""
    #: JAX: what is kept for the way back (plain, step, segments).
    memory: str = "plain"
    #: PyTorch: whether the step goes through torch.compile.
    compiled: bool = False
    #: engrammar: which engine.
    engine: str = ""
    #: Numbers of threads it can be run with.
    threads: tuple[int, ...] = (1, 2)
    precisions: tuple[str, ...] = ("float32", "float64")


def _torch(form: str, about: str) -> tuple[Variant, Variant]:
    return (
        Variant(f"torch {form}", "torch", f"eager, {about}", form),
        Variant(f"torch.compile {form}", "torch", f"step compiled, {about}", form, compiled=True),
    )


def _jax(form: str, about: str) -> tuple[Variant, ...]:
    kept = {
        "plain": "everything kept",
        "step": "each step computed again",
        "segments": "segments of about √T steps computed again",
    }
    return tuple(
        Variant(f"jax {form} {memory}", "jax", f"jit + scan, {about}; {what}", form, memory)
        for memory, what in kept.items()
    )


_VECTOR = "one array a term, bracketed vector first"
_FACTORED = "terms gathered by hand into three outer products and a decay"

TORCH = (
    Variant("torch literal", "torch", "eager, one array a term, products left to right", "literal"),
    *_torch("vector", _VECTOR),
    *_torch("factored", _FACTORED),
)
JAX = (*_jax("vector", _VECTOR), *_jax("factored", _FACTORED))


def _ours(engine: str, about: str, *precisions: str) -> Variant:
    return Variant(
        f"engrammar {engine}",
        "engrammar",
        about,
        engine=engine,
        threads=(1,),
        precisions=precisions,
    )


ENGRAMMAR = (
    _ours("fused", "WebAssembly SIMD128, idle inputs left out", "float32", "float64"),
    _ours("fused relaxed", "the same with relaxed SIMD", "float32", "float64"),
    _ours("fused all inputs", "WebAssembly SIMD128, none left out", "float32", "float64"),
    _ours("fused relaxed all inputs", "the same with relaxed SIMD", "float32", "float64"),
    _ours("tfjs wasm", "TensorFlow.js, WebAssembly backend, the same program", "float32"),
)

VARIANTS: tuple[Variant, ...] = (*TORCH, *JAX, *ENGRAMMAR)
