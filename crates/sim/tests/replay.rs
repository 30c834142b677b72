//! What a seed decides, it decides again; the laws hold; and a server that cannot keep its word is found out.

use std::process::Command;

use decentra_sim::run::{Order, note_panics, run};
use decentra_sim::template::Template;

/// Seeds among whose faults are kills, restarts, cuts and a failing disk.
const SEEDS: std::ops::Range<u64> = 0..8;

/// Schedules of which at least one must show that the disk lies: there is a kill in about every third.
const SCHEDULES_TO_FIND_A_LIE: u64 = 60;

#[test]
fn all_laws_hold_and_a_seed_replays_on_another_thread() {
    note_panics();
    let template = Template::make().unwrap();
    let prints = || {
        SEEDS.map(|seed| {
            let outcome = run(&template, &Order::of(seed));
            assert_eq!(outcome.broken, None, "seed {seed}");
            outcome.print
        })
    };
    let here: Vec<u64> = prints().collect();
    let there: Vec<u64> = std::thread::scope(|scope| scope.spawn(|| prints().collect()).join().unwrap());
    assert_eq!(here, there);
}

#[test]
fn a_seed_replays_in_another_process() {
    let seed = SEEDS.end;
    let outcome = run(&Template::make().unwrap(), &Order::of(seed));
    let mut program = Command::new(env!("CARGO_BIN_EXE_decentra-sim"));
    let printed = program.args(["--seed", &seed.to_string()]).output().unwrap().stdout;
    let printed = String::from_utf8(printed).unwrap();
    assert!(printed.contains(&format!("print {:016x}", outcome.print)), "{printed}");
}

#[test]
fn a_disk_that_lies_is_found_out() {
    note_panics();
    let template = Template::make().unwrap();
    let lying = |seed| Order { disk_lies: true, ..Order::of(seed) };
    let mut found = (0..SCHEDULES_TO_FIND_A_LIE).filter_map(|seed| run(&template, &lying(seed)).broken);
    assert!(found.any(|law| law.contains("was acknowledged")), "no law was broken on a disk that lies");
}
