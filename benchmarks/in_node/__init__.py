"""The engine for the browser in Node, which has the same WebAssembly as Chromium."""
