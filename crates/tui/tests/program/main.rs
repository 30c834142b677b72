//! The program `decentra`, as people and scripts meet it.

mod lines;
mod screen;
mod support;
