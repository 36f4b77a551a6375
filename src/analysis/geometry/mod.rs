//! Ground as cells, shapes and lines: what lies in what, how near, and how much of it.

pub mod bounds;
pub mod close_pairs;
pub mod cover;
pub mod dissolve;
pub mod grid;
pub mod ground;
pub mod h3;
pub mod kd_tree;
pub mod near;
pub mod shape;
